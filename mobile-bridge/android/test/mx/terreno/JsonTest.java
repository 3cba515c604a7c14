package mx.terreno;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {
    @Test
    void readsEveryKindOfValue() {
        Map<?, ?> read =
                (Map<?, ?>)
                        Json.parse(
                                " {\"a\":[1,-2.5,1E3,true,false,null],\"b\":{},\"c\":[],"
                                        + "\"d\":\"\\u00f1\\n\\\"\\\\\"} ");
        List<?> list = (List<?>) read.get("a");
        assertEquals(1L, list.get(0));
        assertEquals(-2.5, list.get(1));
        assertEquals(1000.0, list.get(2));
        assertEquals(true, list.get(3));
        assertEquals(false, list.get(4));
        assertNull(list.get(5));
        assertEquals(Map.of(), read.get("b"));
        assertEquals(List.of(), read.get("c"));
        assertEquals("ñ\n\"\\", read.get("d"));
    }

    @Test
    void givesBackWhatItWrote() {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("texto", "Niño \"dijo\" \\ \u0001 \uD83D\uDE00");
        value.put("monto", 150050L);
        value.put("sí", true);
        value.put("dentro", Map.of());
        assertEquals(value, Json.parse(Json.write(value)));
    }

    @Test
    void refusesWhatIsNoDocument() {
        for (String wrong : List.of("", "{", "[1,", "{\"a\" 1}", "nul", "[1]x", "\"open", "{a:1}")) {
            assertThrows(IllegalStateException.class, () -> Json.parse(wrong), wrong);
        }
    }
}
