package mx.terreno;

import java.util.Map;

/**
 * One thing to do at one place.
 *
 * @param state open, revisit, promised, resolved, unlocatable, escalated or cancelled
 * @param dueAtMs null when it is due at no time
 * @param data what was declared or is owed, by the names that forms use
 */
public record FieldCase(
        String id,
        String key,
        Purpose purpose,
        String state,
        String name,
        String phone,
        Place place,
        String formId,
        Long dueAtMs,
        String note,
        Map<String, String> data) {
    static FieldCase of(Json.Members json) {
        return new FieldCase(
                json.text("id"),
                json.text("key"),
                Purpose.of(json.text("purpose")),
                json.text("state"),
                json.text("name"),
                json.text("phone"),
                Place.of(json.object("place")),
                json.text("form_id"),
                json.wholeOrNull("due_at_ms"),
                json.text("note"),
                json.object("data").texts());
    }
}
