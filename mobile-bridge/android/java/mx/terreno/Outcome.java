package mx.terreno;

import java.util.LinkedHashMap;
import java.util.Map;

/** What came of a visit; promise and payment are null where there is none. */
public record Outcome(String code, String note, PromiseToPay promise, Payment payment) {
    static Outcome of(Json.Members json) {
        Json.Members promise = json.objectOrNull("promise");
        Json.Members payment = json.objectOrNull("payment");
        return new Outcome(
                json.text("code"),
                json.text("note"),
                promise == null
                        ? null
                        : new PromiseToPay(promise.whole("amount"), promise.text("date"), promise.text("means")),
                payment == null
                        ? null
                        : new Payment(payment.whole("amount"), payment.text("method"), payment.text("receipt")));
    }

    String json() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("code", code);
        members.put("note", note);
        if (promise != null) {
            members.put(
                    "promise",
                    Map.of("amount", promise.amount(), "date", promise.date(), "means", promise.means()));
        }
        if (payment != null) {
            members.put(
                    "payment",
                    Map.of("amount", payment.amount(), "method", payment.method(), "receipt", payment.receipt()));
        }
        return Json.write(members);
    }
}
