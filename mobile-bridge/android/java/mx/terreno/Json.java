package mx.terreno;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The documents that the core gives and takes. Small on purpose: it reads what one known writer wrote, and the wrapper
 * then needs no library.
 */
final class Json {
    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    /** Maps, lists, strings, longs, doubles, booleans and null. */
    static Object parse(String text) {
        Json json = new Json(text);
        Object value = json.value();
        json.skipSpace();
        if (json.at != text.length()) {
            throw json.wrong("end");
        }
        return value;
    }

    static Members object(String text) {
        return Members.of(parse(text));
    }

    static <T> List<T> list(String text, Function<Members, T> read) {
        return Members.items(parse(text), read);
    }

    static String write(Object value) {
        StringBuilder out = new StringBuilder();
        write(value, out);
        return out.toString();
    }

    private static void write(Object value, StringBuilder out) {
        if (value instanceof String string) {
            writeString(string, out);
        } else if (value instanceof Map<?, ?> map) {
            String separator = "{";
            for (Map.Entry<?, ?> member : map.entrySet()) {
                out.append(separator);
                writeString((String) member.getKey(), out);
                out.append(':');
                write(member.getValue(), out);
                separator = ",";
            }
            out.append(map.isEmpty() ? "{}" : "}");
        } else {
            out.append(value);
        }
    }

    private static void writeString(String string, StringBuilder out) {
        out.append('"');
        for (char c : string.toCharArray()) {
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    private Object value() {
        skipSpace();
        switch (peek()) {
            case '{':
                return members();
            case '[':
                return items();
            case '"':
                return string();
            case 't':
                return word("true", Boolean.TRUE);
            case 'f':
                return word("false", Boolean.FALSE);
            case 'n':
                return word("null", null);
            default:
                return number();
        }
    }

    private Map<String, Object> members() {
        Map<String, Object> members = new LinkedHashMap<>();
        take('{');
        skipSpace();
        if (peek() == '}') {
            at++;
            return members;
        }
        while (true) {
            skipSpace();
            String name = string();
            skipSpace();
            take(':');
            members.put(name, value());
            if (ends('}')) {
                return members;
            }
        }
    }

    private List<Object> items() {
        List<Object> items = new ArrayList<>();
        take('[');
        skipSpace();
        if (peek() == ']') {
            at++;
            return items;
        }
        while (true) {
            items.add(value());
            if (ends(']')) {
                return items;
            }
        }
    }

    private boolean ends(char end) {
        skipSpace();
        if (peek() == end) {
            at++;
            return true;
        }
        take(',');
        return false;
    }

    private String string() {
        take('"');
        StringBuilder out = new StringBuilder();
        while (peek() != '"') {
            char c = text.charAt(at++);
            out.append(c == '\\' ? escaped() : c);
        }
        at++;
        return out.toString();
    }

    private char escaped() {
        char c = peek();
        at++;
        switch (c) {
            case 'n':
                return '\n';
            case 't':
                return '\t';
            case 'r':
                return '\r';
            case 'b':
                return '\b';
            case 'f':
                return '\f';
            case 'u':
                at += 4;
                return (char) Integer.parseInt(text.substring(at - 4, at), 16);
            default:
                return c;
        }
    }

    private Object number() {
        int from = at;
        while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        String digits = text.substring(from, at);
        if (digits.isEmpty()) {
            throw wrong("a value");
        }
        boolean whole = digits.chars().noneMatch(c -> c == '.' || c == 'e' || c == 'E');
        return whole ? (Object) Long.parseLong(digits) : (Object) Double.parseDouble(digits);
    }

    private Object word(String word, Object value) {
        if (!text.startsWith(word, at)) {
            throw wrong(word);
        }
        at += word.length();
        return value;
    }

    private void skipSpace() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private char peek() {
        if (at >= text.length()) {
            throw wrong("more");
        }
        return text.charAt(at);
    }

    private void take(char expected) {
        if (peek() != expected) {
            throw wrong("'" + expected + "'");
        }
        at++;
    }

    private IllegalStateException wrong(String expected) {
        return new IllegalStateException("The core's JSON lacks " + expected + " at " + at);
    }

    /** A JSON object whose members have known types. */
    record Members(Map<String, Object> all) {
        @SuppressWarnings("unchecked")
        static Members of(Object value) {
            return value == null ? null : new Members((Map<String, Object>) value);
        }

        static <T> List<T> items(Object list, Function<Members, T> read) {
            List<T> items = new ArrayList<>();
            for (Object item : (List<?>) list) {
                items.add(read.apply(of(item)));
            }
            return List.copyOf(items);
        }

        String text(String name) {
            return (String) all.get(name);
        }

        long whole(String name) {
            return ((Number) all.get(name)).longValue();
        }

        Long wholeOrNull(String name) {
            return all.get(name) == null ? null : (Long) whole(name);
        }

        double number(String name) {
            return ((Number) all.get(name)).doubleValue();
        }

        Double numberOrNull(String name) {
            return all.get(name) == null ? null : (Double) number(name);
        }

        boolean flag(String name) {
            return (Boolean) all.get(name);
        }

        Members object(String name) {
            return of(all.get(name));
        }

        Members objectOrNull(String name) {
            return object(name);
        }

        <T> List<T> list(String name, Function<Members, T> read) {
            return items(all.get(name), read);
        }

        List<String> texts(String name) {
            List<String> texts = new ArrayList<>();
            for (Object item : (List<?>) all.get(name)) {
                texts.add((String) item);
            }
            return List.copyOf(texts);
        }

        Map<String, String> texts() {
            Map<String, String> texts = new LinkedHashMap<>();
            all.forEach((name, value) -> texts.put(name, (String) value));
            return texts;
        }
    }
}
