package mx.terreno;

import java.util.List;
import java.util.Map;

/**
 * A question, group or repeat instance as a screen shows it.
 *
 * @param path what {@link FieldCore#answer} takes
 * @param type text, integer, decimal, select_one... , "group", "repeat", "note"
 * @param error why the value is not valid now; empty otherwise
 * @param groupPath the group or repeat instance it stands in; empty at the top
 */
public record Question(
        String path,
        String type,
        String label,
        String hint,
        String value,
        String appearance,
        String error,
        String groupPath,
        List<Choice> choices,
        Map<String, String> parameters,
        boolean required,
        boolean readOnly,
        boolean valid,
        boolean isGroup,
        boolean isRepeat,
        boolean canAdd,
        boolean canRemove) {
    static Question of(Json.Members json) {
        return new Question(
                json.text("path"),
                json.text("type"),
                json.text("label"),
                json.text("hint"),
                json.text("value"),
                json.text("appearance"),
                json.text("error"),
                json.text("group_path"),
                json.list("choices", Choice::of),
                json.object("parameters").texts(),
                json.flag("required"),
                json.flag("read_only"),
                json.flag("valid"),
                json.flag("is_group"),
                json.flag("is_repeat"),
                json.flag("can_add"),
                json.flag("can_remove"));
    }
}
