package mx.terreno;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What of the bridge needs no server. */
class FieldCoreTest {
    @TempDir Path folder;

    private FieldCore open() {
        String path = folder.resolve("field.db").toString();
        return FieldCore.open(
                new FieldCore.Options(path, Platform.ANDROID, "es-MX", "Prueba ñ \uD83D\uDCF1", "1.0"));
    }

    private static void assertFails(ErrorCode code, Executable call) {
        assertEquals(code, assertThrows(TerrenoException.class, call).code());
    }

    @Test
    void aNewPhoneHasNoCompanyAndNothingToSend() {
        try (FieldCore core = open()) {
            assertNull(core.enrolment());
            assertNull(core.shift());
            assertNull(core.nextRequest(true));
            assertEquals(List.of(), core.cases(CaseQuery.OPEN_BY_DUE));
            assertEquals(List.of(), core.openVisits());
            assertEquals(List.of(), core.finishedVisits(10));
            assertEquals(0, core.syncStatus().pendingEntries());
            assertFails(ErrorCode.NOT_ENROLLED, core::startShift);
        }
    }

    @Test
    void nothingIsTrackedOutsideAShift() {
        try (FieldCore core = open()) {
            Fix fix = new Fix(System.currentTimeMillis(), 19.43, -99.13, 8);
            assertFails(ErrorCode.SHIFT_NOT_OPEN, () -> core.addFixes(List.of(fix)));
            assertFails(ErrorCode.SHIFT_NOT_OPEN, () -> core.addBattery(System.currentTimeMillis(), 80, false));
            assertFails(ErrorCode.INVALID_ARGUMENT, () -> core.addBattery(0, 101, false));
        }
    }

    @Test
    void aClosedCoreRefusesEveryCallAndClosesOnce() {
        FieldCore core = open();
        core.close();
        core.close();
        assertFails(ErrorCode.INVALID_ARGUMENT, core::shift);
        assertFails(ErrorCode.INVALID_ARGUMENT, () -> core.nextRequest(true));
        assertFails(ErrorCode.INVALID_ARGUMENT, () -> core.enrolRequest("ABCD"));
        open().close();
    }

    @Test
    void errorsCarryCodeMessageAndWhetherToTryAgain() {
        FieldCore.Options nowhere =
                new FieldCore.Options("/no/such/folder/x.db", Platform.ANDROID, "es", "d", "1");
        TerrenoException thrown = assertThrows(TerrenoException.class, () -> FieldCore.open(nowhere));
        assertEquals(ErrorCode.IO, thrown.code());
        assertTrue(thrown.retryable());
        assertFalse(thrown.getMessage().isEmpty());
        try (FieldCore core = open()) {
            assertFails(ErrorCode.INVALID_ARGUMENT, () -> core.findCase("no es un identificador"));
            assertFails(ErrorCode.INVALID_ARGUMENT, () -> core.findCase("zero\0inside"));
            assertFails(ErrorCode.INVALID_ARGUMENT, () -> core.findCase(null));
            TerrenoException unknown =
                    assertThrows(
                            TerrenoException.class, () -> core.findCase("01890a5d-ac96-774b-bcce-b302099a8057"));
            assertEquals(ErrorCode.NOT_FOUND, unknown.code());
            assertFalse(unknown.retryable());
        }
    }

    @Test
    void anEnrolmentIsAskedForAndAForeignAnswerRefused() {
        try (FieldCore core = open()) {
            CoreRequest request = core.enrolRequest("ABCD-EFGH");
            assertEquals("POST", request.method());
            assertTrue(request.path().startsWith("/"));
            assertTrue(request.body().length > 32);
            byte[] page = "<html>portal</html>".getBytes(java.nio.charset.StandardCharsets.UTF_8);
            CoreResponse portal = new CoreResponse(200, List.of(new Header("Content-Type", "text/html")), page);
            assertThrows(TerrenoException.class, () -> core.onEnrolResponse(portal));
            assertNull(core.enrolment());
        }
    }

    @Test
    void messagesComeInThePhonesLanguage() {
        try (FieldCore core = open()) {
            String spanish = assertThrows(TerrenoException.class, core::startShift).getMessage();
            core.setLanguage("en-US");
            String english = assertThrows(TerrenoException.class, core::startShift).getMessage();
            assertFalse(spanish.equals(english));
        }
    }

    @Test
    void manyThreadsMayCallAtOnceAndOneMayClose() throws Exception {
        FieldCore core = open();
        ExecutorService threads = Executors.newFixedThreadPool(6);
        List<Callable<Boolean>> work = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            boolean closes = i == 40;
            work.add(
                    () -> {
                        try {
                            if (closes) {
                                core.close();
                            }
                            return core.syncStatus().pendingEntries() == 0;
                        } catch (TerrenoException closed) {
                            return closed.code() == ErrorCode.INVALID_ARGUMENT;
                        }
                    });
        }
        for (Future<Boolean> result : threads.invokeAll(work)) {
            assertTrue(result.get());
        }
        threads.shutdown();
    }
}
