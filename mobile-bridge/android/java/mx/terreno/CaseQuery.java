package mx.terreno;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which cases, in which order.
 *
 * @param byDistance from the last fix; else by due time
 * @param text all of its words must stand in key, name or address; may be empty
 * @param includeClosed also resolved, unlocatable and escalated ones
 * @param limit 1..1000
 */
public record CaseQuery(boolean byDistance, String text, boolean includeClosed, int limit, int offset) {
    public static final CaseQuery OPEN_BY_DUE = new CaseQuery(false, "", false, 100, 0);
    public static final CaseQuery OPEN_BY_DISTANCE = new CaseQuery(true, "", false, 100, 0);

    String json() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("order", byDistance ? "distance" : "due");
        members.put("text", text);
        members.put("include_closed", includeClosed);
        members.put("limit", limit);
        members.put("offset", offset);
        return Json.write(members);
    }
}
