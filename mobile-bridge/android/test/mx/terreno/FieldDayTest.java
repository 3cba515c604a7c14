package mx.terreno;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A gestor's day against the real server: enrol, work, visit, sync. */
class FieldDayTest {
    private static final double LAT = 19.4326, LON = -99.1332;
    private static final String CASES =
            """
            clave,proposito,nombre,direccion,lat,lon,gestor,data.balance,data.days_past_due
            CR-001,cobranza,José Peña,"Calle 5 de Mayo 12, Centro",19.4326,-99.1332,ana,2500.00,45
            CR-002,cobranza,Lucía Núñez,Av. Juárez 100,19.4350,-99.1400,ana,900.00,12
            """;

    @TempDir Path folder;

    /** The loop that README.md shows; a test of the house holds the two together. */
    private static void sync(FieldCore core, TestServer http) throws Exception {
        boolean asked = true; // by a person: begins a round now; a timer says false
        for (CoreRequest request; (request = core.nextRequest(asked)) != null; asked = false) {
            core.onResponse(http.send(request));
        }
    }

    private static void standAt(FieldCore core, double northM, double accuracyM) {
        double latitude = LAT + northM / 110_650;
        core.addFixes(List.of(new Fix(System.currentTimeMillis(), latitude, LON, accuracyM, 0.3, null, 2240.0, false)));
    }

    private static byte[] photo() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(64, 48, BufferedImage.TYPE_INT_RGB), "jpg", out);
        return out.toByteArray();
    }

    private static FormView fillIn(FieldCore core, String visit) {
        core.answer(visit, "contact/whom", "holder");
        core.answer(visit, "contact/id_shown", "yes");
        core.answer(visit, "outcome", "promise");
        core.answer(visit, "talk/amount_told", "2500");
        core.answer(visit, "talk/willingness", "high");
        core.answer(visit, "promise/amount", "1500.50");
        core.answer(visit, "promise/date", LocalDate.now(ZoneOffset.ofHours(-6)).plusDays(3).toString());
        core.answer(visit, "promise/means", "transfer");
        FormView form = core.answer(visit, "close/remarks", "Habló con ñ y con \uD83D\uDE00.");
        return core.answer(visit, "close/next_action", form.question("close/next_action").choices().get(0).value());
    }

    @Test
    @Timeout(120)
    void aGestorsDayReachesTheServer() throws Exception {
        assumeFalse(TestServer.program().isEmpty(), "SKIPPED: the server is not built");
        try (TestServer server = new TestServer(folder)) {
            server.run("import", Files.writeString(folder.resolve("cases.csv"), CASES).toString());
            String code = server.run("enrolment-code", "--login", "ana");
            server.start();
            Path database = folder.resolve("field.db");
            String visit = workUntilPhoneDies(server, database, code);
            finishAfterwards(server, database, visit);
            checkOnServer(server, visit);
        }
    }

    private static FieldCore open(Path database) {
        return FieldCore.open(
                new FieldCore.Options(database.toString(), Platform.ANDROID, "es-MX", "Pixel de prueba", "1.0"));
    }

    /** Enrols, starts the shift and answers the first question of a visit. */
    private static String workUntilPhoneDies(TestServer server, Path database, String code) throws Exception {
        try (FieldCore core = open(database)) {
            core.onEnrolResponse(server.send(core.enrolRequest(code)));
            Enrolment enrolment = core.enrolment();
            assertEquals("Ana Gómez", enrolment.gestorName());
            assertEquals("Financiera Ñandú", enrolment.tenantName());
            sync(core, server);
            List<CaseSummary> cases = core.cases(CaseQuery.OPEN_BY_DUE);
            assertEquals(2, cases.size());
            core.startShift();
            core.addBattery(System.currentTimeMillis(), 91, false);
            FieldCase first = core.cases(new CaseQuery(false, "jose pena", false, 10, 0)).get(0).item();
            assertEquals("2500.00", first.data().get("balance"));
            String visit = core.arrive(first.id()).id();
            gateOpensAtTheDoorOnly(core, visit);
            core.answer(visit, "contact/whom", "holder");
            return visit;
        }
    }

    private static void gateOpensAtTheDoorOnly(FieldCore core, String visit) {
        standAt(core, 300, 8);
        GateView far = core.checkLocation(visit);
        assertEquals("outside", far.answer());
        assertFalse(far.mayBegin());
        assertEquals(300, far.distanceM(), 2);
        TerrenoException refused = assertThrows(TerrenoException.class, () -> core.beginForm(visit));
        assertEquals(ErrorCode.GATE_REFUSED, refused.code());
        assertTrue(refused.getMessage().contains("sur"), refused.getMessage());
        for (int i = 0; i < 10; i++) {
            standAt(core, 10, 8);
        }
        GateView near = core.checkLocation(visit);
        assertEquals("inside", near.answer(), near.text());
        FormView form = core.beginForm(visit);
        assertFalse(form.questions().isEmpty());
        assertFalse(form.problems().isEmpty());
    }

    /** The same phone after its process was killed. */
    private static void finishAfterwards(TestServer server, Path database, String visit) throws Exception {
        try (FieldCore core = open(database)) {
            assertEquals(visit, core.openVisits().get(0).id());
            assertEquals("holder", core.form(visit).question("contact/whom").value());
            TerrenoException wrong =
                    assertThrows(TerrenoException.class, () -> core.answer(visit, "contact/whom", "martian"));
            assertEquals(ErrorCode.ANSWER_INVALID, wrong.code());
            core.attachEvidence(visit, EvidenceKind.PHOTO, "close/facade_photo", "image/jpeg", photo());
            assertEquals(List.of(), fillIn(core, visit).problems());
            Outcome outcome = core.suggestedOutcome(visit);
            assertEquals("promise", outcome.code());
            assertEquals(150_050, outcome.promise().amount());
            core.finishVisit(visit, outcome);
            assertEquals(1, core.syncStatus().pendingVisits());
            core.endShift();
            assertNull(core.shift());
            sync(core, server);
            SyncStatus status = core.syncStatus();
            assertEquals(0, status.pendingEntries(), status::toString);
            assertEquals(0, status.pendingFiles(), status::toString);
            assertNotNull(status.lastSuccessAtMs());
            assertEquals("confirmed", core.finishedVisits(5).get(0).sync());
        }
    }

    private static void checkOnServer(TestServer server, String visit) throws Exception {
        server.logIn();
        Json.Members held = server.get("/api/visits/" + visit);
        Json.Members claimed = held.object("verdict"), recomputed = held.object("server_verdict");
        assertEquals("inside", claimed.text("answer"));
        for (String member : List.of("answer", "reason", "probability", "distance_m", "position")) {
            assertEquals(claimed.all().get(member), recomputed.all().get(member), member);
        }
        assertEquals(List.of("received"), held.list("evidence", file -> file.text("state")));
    }
}
