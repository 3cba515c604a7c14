package mx.terreno;

import java.lang.ref.Cleaner;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * The phone core: cases, shift, visits and sync over one database file. Calls may come from any thread and wait for each
 * other; most touch the disk, none the network. What a call has confirmed survives the death of the process.
 *
 * <p>Every method throws {@link TerrenoException}; after {@link #close} with {@link ErrorCode#INVALID_ARGUMENT}.
 */
public final class FieldCore implements AutoCloseable {
    private static final Cleaner CLEANER = Cleaner.create();

    /** Apart from the FieldCore, so that the cleaner does not keep it alive. */
    private static final class Handle implements Runnable {
        private final AtomicLong number;

        Handle(long number) {
            this.number = new AtomicLong(number);
        }

        @Override
        public void run() {
            long open = number.getAndSet(0);
            if (open != 0) {
                Native.close(open);
            }
        }
    }

    /**
     * How to open.
     *
     * @param databasePath made when absent
     * @param language "es-MX", "en", "pt"
     * @param deviceName model, shown to the supervisor
     */
    public record Options(
            String databasePath, Platform platform, String language, String deviceName, String appVersion) {}

    private final Handle handle;
    private final Cleaner.Cleanable cleanable;

    private FieldCore(long number) {
        handle = new Handle(number);
        cleanable = CLEANER.register(this, handle);
    }

    /** One FieldCore per database file at a time. */
    public static FieldCore open(Options options) {
        return new FieldCore(
                Native.open(
                        utf8(options.databasePath()),
                        options.platform().ordinal(),
                        utf8(options.language()),
                        utf8(options.deviceName()),
                        utf8(options.appVersion())));
    }

    /** Waits for calls that run. Once more does nothing. */
    @Override
    public void close() {
        cleanable.clean();
    }

    public void setLanguage(String language) {
        Native.setLanguage(core(), utf8(language));
    }

    /** Null before enrolment. */
    public Enrolment enrolment() {
        return read(Native.enrolment(core()), Enrolment::of);
    }

    /** Send it, then tell {@link #onEnrolResponse}. Also when a sync was rejected: a new code brings the phone back. */
    public CoreRequest enrolRequest(String code) {
        return request(Native.enrolRequest(core(), utf8(code)));
    }

    public void onEnrolResponse(CoreResponse response) {
        Native.onEnrolResponse(core(), response.status(), lines(response.headers()), response.body());
    }

    public List<CaseSummary> cases(CaseQuery query) {
        return readList(Native.cases(core(), utf8(query.json())), CaseSummary::of);
    }

    public FieldCase findCase(String caseId) {
        return read(Native.findCase(core(), utf8(caseId)), FieldCase::of);
    }

    public List<OutcomeDefinition> outcomes(Purpose purpose) {
        return readList(Native.outcomes(core(), utf8(purpose.word())), OutcomeDefinition::of);
    }

    public OpenShift startShift() {
        return read(Native.startShift(core()), OpenShift::of);
    }

    public void endShift() {
        Native.endShift(core());
    }

    /** Null outside a shift. */
    public OpenShift shift() {
        return read(Native.shift(core()), OpenShift::of);
    }

    /** Outside a shift nothing is kept. Fixes that make no sense are left out; gives how many were kept. */
    public long addFixes(List<Fix> fixes) {
        long[] times = new long[fixes.size()];
        double[] numbers = new double[6 * fixes.size()];
        boolean[] mock = new boolean[fixes.size()];
        for (int i = 0; i < fixes.size(); i++) {
            Fix fix = fixes.get(i);
            times[i] = fix.capturedAtMs();
            numbers[6 * i] = fix.latitude();
            numbers[6 * i + 1] = fix.longitude();
            numbers[6 * i + 2] = fix.accuracyM();
            numbers[6 * i + 3] = orNaN(fix.speedMps());
            numbers[6 * i + 4] = orNaN(fix.bearingDeg());
            numbers[6 * i + 5] = orNaN(fix.altitudeM());
            mock[i] = fix.mock();
        }
        return Native.addFixes(core(), times, numbers, mock);
    }

    public void addBattery(long atMs, int percent, boolean charging) {
        Native.addBattery(core(), atMs, percent, charging);
    }

    /** Check-in at a case's place. */
    public OpenVisit arrive(String caseId) {
        return read(Native.arrive(core(), utf8(caseId)), OpenVisit::of);
    }

    public GateView checkLocation(String visitId) {
        return read(Native.checkLocation(core(), utf8(visitId)), GateView::of);
    }

    /** {@link ErrorCode#GATE_REFUSED} with the gate's text. */
    public FormView beginForm(String visitId) {
        return read(Native.beginForm(core(), utf8(visitId)), FormView::of);
    }

    public FormView form(String visitId) {
        return read(Native.form(core(), utf8(visitId)), FormView::of);
    }

    /** Stored at once; an empty value clears. {@link ErrorCode#ANSWER_INVALID} with the form's own message. */
    public FormView answer(String visitId, String path, String value) {
        return read(Native.answer(core(), utf8(visitId), utf8(path), utf8(value)), FormView::of);
    }

    public FormView addRepeat(String visitId, String path) {
        return read(Native.addRepeat(core(), utf8(visitId), utf8(path)), FormView::of);
    }

    public FormView removeRepeat(String visitId, String path) {
        return read(Native.removeRepeat(core(), utf8(visitId), utf8(path)), FormView::of);
    }

    /** The question that the file answers, or an empty path when it belongs to the visit. */
    public EvidenceRef attachEvidence(
            String visitId, EvidenceKind kind, String questionPath, String mediaType, byte[] bytes) {
        byte[] json =
                Native.attachEvidence(
                        core(), utf8(visitId), utf8(kind.word()), utf8(questionPath), utf8(mediaType), bytes);
        return read(json, EvidenceRef::of);
    }

    /** What the answers say, to be confirmed by the gestor. */
    public Outcome suggestedOutcome(String visitId) {
        return read(Native.suggestedOutcome(core(), utf8(visitId)), Outcome::of);
    }

    public FinishedVisit finishVisit(String visitId, Outcome outcome) {
        return read(Native.finishVisit(core(), utf8(visitId), utf8(outcome.json())), FinishedVisit::of);
    }

    public void cancelVisit(String visitId, String reason) {
        Native.cancelVisit(core(), utf8(visitId), utf8(reason));
    }

    public List<OpenVisit> openVisits() {
        return readList(Native.openVisits(core()), OpenVisit::of);
    }

    /** Newest first. */
    public List<FinishedVisit> finishedVisits(int limit) {
        return readList(Native.finishedVisits(core(), limit), FinishedVisit::of);
    }

    /**
     * What to send now, or null when there is nothing to send yet. Each is answered by {@link #onResponse} or {@link
     * #onFailure}.
     *
     * @param eager ignores the sync interval: a person asked, or the network came back. For the first request of a round
     *     only; go on with false until null comes
     */
    public CoreRequest nextRequest(boolean eager) {
        return request(Native.nextRequest(core(), eager));
    }

    public void onResponse(CoreResponse response) {
        Native.onResponse(core(), response.status(), lines(response.headers()), response.body());
    }

    public void onFailure(NetworkFailure failure) {
        Native.onFailure(core(), failure.ordinal());
    }

    public SyncStatus syncStatus() {
        return read(Native.syncStatus(core()), SyncStatus::of);
    }

    /** 0 once closed, which the library refuses. */
    private long core() {
        return handle.number.get();
    }

    private static byte[] utf8(String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(Object utf8) {
        return new String((byte[]) utf8, StandardCharsets.UTF_8);
    }

    private static double orNaN(Double number) {
        return number == null ? Double.NaN : number;
    }

    private static <T> T read(byte[] json, Function<Json.Members, T> read) {
        Json.Members members = Json.object(text(json));
        return members == null ? null : read.apply(members);
    }

    private static <T> List<T> readList(byte[] json, Function<Json.Members, T> read) {
        return Json.list(text(json), read);
    }

    /** Method, path, names and values of the headers in turn, body. */
    private static CoreRequest request(Object[] parts) {
        if (parts == null) {
            return null;
        }
        byte[][] lines = (byte[][]) parts[2];
        List<Header> headers = new ArrayList<>();
        for (int i = 0; i < lines.length; i += 2) {
            headers.add(new Header(text(lines[i]), text(lines[i + 1])));
        }
        return new CoreRequest(text(parts[0]), text(parts[1]), headers, (byte[]) parts[3]);
    }

    private static byte[][] lines(List<Header> headers) {
        byte[][] lines = new byte[2 * headers.size()][];
        for (int i = 0; i < headers.size(); i++) {
            lines[2 * i] = utf8(headers.get(i).name());
            lines[2 * i + 1] = utf8(headers.get(i).value());
        }
        return lines;
    }
}
