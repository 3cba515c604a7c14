package mx.terreno;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The real server on a port of its own, with one company in an empty data folder. */
final class TestServer implements AutoCloseable {
    static final String PASSWORD = "tres caballos verdes";

    private final String program;
    private final Path data;
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(10))
                    .build();
    private Process process;
    private URI root;
    private String cookie = "";

    /** Empty when the server was not built. */
    static String program() {
        return System.getProperty("terreno.server", "");
    }

    TestServer(Path folder) throws Exception {
        program = program();
        data = folder.resolve("data");
        Path password = Files.writeString(folder.resolve("password"), PASSWORD + "\n");
        run(
                "admin",
                "create",
                "--tenant",
                "Financiera Ñandú",
                "--login",
                "jefa",
                "--password-file",
                password.toString());
        run("user", "add", "--login", "ana", "--name", "Ana Gómez", "--role", "gestor");
    }

    /** A command of the server's program on the data folder; gives what it printed. */
    String run(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(program));
        int verbs = words[0].equals("import") || words[0].equals("enrolment-code") ? 1 : 2;
        command.addAll(List.of(words).subList(0, verbs));
        command.addAll(List.of("--data", data.toString()));
        command.addAll(List.of(words).subList(verbs, words.length));
        Process running = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (running.waitFor() != 0) {
            throw new IllegalStateException(String.join(" ", command) + ": " + printed);
        }
        return printed;
    }

    void start() throws Exception {
        Path portFile = data.resolveSibling("port");
        process =
                new ProcessBuilder(
                                program, "serve", "--data", data.toString(), "--port", "0", "--port-file", "" + portFile)
                        .redirectErrorStream(true)
                        .redirectOutput(data.resolveSibling("server.log").toFile())
                        .start();
        for (int i = 0; i < 300 && process.isAlive(); i++) {
            if (Files.exists(portFile) && Files.readString(portFile).endsWith("\n")) {
                root = URI.create("http://127.0.0.1:" + Files.readString(portFile).strip());
                return;
            }
            Thread.sleep(100);
        }
        String log = Files.readString(data.resolveSibling("server.log"));
        throw new IllegalStateException("The server did not start: " + log);
    }

    /** Carries a request of the core there and back, as an app's transport does. */
    CoreResponse send(CoreRequest request) throws IOException, InterruptedException {
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(root.resolve(request.path()))
                        .timeout(Duration.ofSeconds(30))
                        .method(request.method(), HttpRequest.BodyPublishers.ofByteArray(request.body()));
        request.headers().forEach(header -> builder.header(header.name(), header.value()));
        HttpResponse<byte[]> answer = http.send(builder.build(), HttpResponse.BodyHandlers.ofByteArray());
        List<Header> headers = new ArrayList<>();
        answer.headers().map().forEach((name, values) -> values.forEach(v -> headers.add(new Header(name, v))));
        return new CoreResponse(answer.statusCode(), headers, answer.body());
    }

    void logIn() throws Exception {
        String body = Json.write(Map.of("login", "jefa", "password", PASSWORD));
        HttpRequest request =
                HttpRequest.newBuilder(root.resolve("/api/login"))
                        .header("Content-Type", "application/json")
                        .header("X-Terreno", "1")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException("login: " + answer.statusCode() + " " + answer.body());
        }
        cookie = answer.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0];
    }

    Json.Members get(String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(root.resolve(path)).header("Cookie", cookie).build();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(path + ": " + answer.statusCode() + " " + answer.body());
        }
        return Json.object(answer.body());
    }

    @Override
    public void close() {
        if (process == null) {
            return;
        }
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
