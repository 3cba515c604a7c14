package mx.terreno;

/**
 * The calls into the library; {@link FieldCore} gives them the shape of Java. Text travels as UTF-8 bytes, since the
 * text of JNI is another encoding.
 */
final class Native {
    /** Must be the library's; it checks this when it is loaded. */
    static final int ABI_VERSION = 1;

    static {
        System.loadLibrary("terreno_jni");
    }

    private Native() {}

    static native long open(byte[] databasePath, int platform, byte[] language, byte[] deviceName, byte[] appVersion);

    static native void close(long core);

    static native void setLanguage(long core, byte[] language);

    static native byte[] enrolment(long core);

    static native Object[] enrolRequest(long core, byte[] code);

    static native void onEnrolResponse(long core, int status, byte[][] headers, byte[] body);

    static native byte[] cases(long core, byte[] query);

    static native byte[] findCase(long core, byte[] caseId);

    static native byte[] outcomes(long core, byte[] purpose);

    static native byte[] startShift(long core);

    static native void endShift(long core);

    static native byte[] shift(long core);

    /** Of each fix: its time; latitude, longitude, accuracy, speed, bearing, altitude; whether it is mock. */
    static native long addFixes(long core, long[] times, double[] numbers, boolean[] mock);

    static native void addBattery(long core, long atMs, int percent, boolean charging);

    static native byte[] arrive(long core, byte[] caseId);

    static native byte[] checkLocation(long core, byte[] visitId);

    static native byte[] beginForm(long core, byte[] visitId);

    static native byte[] form(long core, byte[] visitId);

    static native byte[] answer(long core, byte[] visitId, byte[] path, byte[] value);

    static native byte[] addRepeat(long core, byte[] visitId, byte[] path);

    static native byte[] removeRepeat(long core, byte[] visitId, byte[] path);

    static native byte[] attachEvidence(
            long core, byte[] visitId, byte[] kind, byte[] questionPath, byte[] mediaType, byte[] bytes);

    static native byte[] suggestedOutcome(long core, byte[] visitId);

    static native byte[] finishVisit(long core, byte[] visitId, byte[] outcome);

    static native void cancelVisit(long core, byte[] visitId, byte[] reason);

    static native byte[] openVisits(long core);

    static native byte[] finishedVisits(long core, int limit);

    static native Object[] nextRequest(long core, boolean eager);

    static native void onResponse(long core, int status, byte[][] headers, byte[] body);

    static native void onFailure(long core, int failure);

    static native byte[] syncStatus(long core);
}
