package io.pekkoraft.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.pekkoraft.cli.Endpoints.Question;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/**
 * What reads and writes the key-value store. A write takes effect once, however often it is sent,
 * and so goes from one node to the next until one answers.
 */
final class KeyCommands {
  private static final int RETRIES = 3;
  private static final long RETRY_MILLIS = 300;
  private static final Set<Integer> RETRIED = Set.of(503, 504);

  private KeyCommands() {}

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String version(Endpoints.Answer answer) {
    return answer.header("ETag").orElse("").replace("\"", "");
  }

  private static int write(
      CtlCommand ctl, String method, String key, byte[] value, List<String> conditions) {
    var headers = new ArrayList<>(conditions);
    headers.addAll(List.of("Idempotency-Key", "\"" + UUID.randomUUID() + "\""));
    var question = new Question(method, "/kv/" + encoded(key), value, headers, true);
    var answer = Endpoints.done(untilAnswered(ctl.endpoints(), question));
    if (ctl.isJson()) {
      var json = JsonNodeFactory.instance.objectNode().put("key", key);
      ctl.print(version(answer).isEmpty() ? json : json.put("version", version(answer)));
    } else {
      ctl.out().println(version(answer).isEmpty() ? "Removed." : "Version " + version(answer));
    }
    return Exit.OK;
  }

  /** While nobody leads, or nobody can tell: under its key it may be sent again. */
  private static Endpoints.Answer untilAnswered(Endpoints endpoints, Question question) {
    var answer = endpoints.ask(question);
    for (var again = 0; again < RETRIES && RETRIED.contains(answer.status()); again++) {
      try {
        TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
      } catch (InterruptedException e) {
        throw new Failure(Exit.UNKNOWN, "Interrupted.");
      }
      answer = endpoints.ask(question);
    }
    return answer;
  }

  private static List<String> conditions(String version, boolean isNew) {
    if (version != null && isNew) {
      throw new Failure(Exit.USAGE, "--if-version and --if-absent exclude each other.");
    }
    if (version != null) {
      return List.of("If-Match", "\"" + version + "\"");
    }
    return isNew ? List.of("If-None-Match", "*") : List.of();
  }

  @Command(name = "get", description = "The value of a key, as it is. Exits with 1 without one.")
  static final class Get implements Callable<Integer> {
    @ParentCommand private CtlCommand ctl;

    @Parameters(paramLabel = "KEY", description = "Up to 1024 bytes.")
    private String key;

    @Option(
        names = "--read",
        paramLabel = "HOW",
        description = "linearizable (the default), lease, follower or stale.")
    private String read;

    @Override
    public Integer call() throws IOException {
      var path = "/kv/" + encoded(key) + (read == null ? "" : "?read=" + encoded(read));
      var answer = Endpoints.done(ctl.endpoints().get(path));
      if (ctl.isJson()) {
        ctl.print(
            JsonNodeFactory.instance
                .objectNode()
                .put("key", key)
                .put("version", version(answer))
                .put("value", new String(answer.body(), StandardCharsets.UTF_8)));
      } else {
        ctl.out().println(new String(answer.body(), StandardCharsets.UTF_8));
      }
      return Exit.OK;
    }
  }

  @Command(name = "put", description = "Gives a key a value, and says its version.")
  static final class Put implements Callable<Integer> {
    @ParentCommand private CtlCommand ctl;

    @Parameters(index = "0", paramLabel = "KEY", description = "Up to 1024 bytes.")
    private String key;

    @Parameters(
        index = "1",
        paramLabel = "VALUE",
        description = "Up to 1 MiB; - for what comes on the standard input.")
    private String value;

    @Option(
        names = "--if-version",
        paramLabel = "VERSION",
        description = "Only if the key has this version.")
    private String version;

    @Option(names = "--if-absent", description = "Only if the key is not there.")
    private boolean absent;

    @Override
    public Integer call() throws IOException {
      var bytes =
          value.equals("-")
              ? System.in.readNBytes(2 * 1024 * 1024)
              : value.getBytes(StandardCharsets.UTF_8);
      return write(ctl, "PUT", key, bytes, conditions(version, absent));
    }
  }

  @Command(name = "delete", description = "Removes a key. Exits with 1 if it is not there.")
  static final class Delete implements Callable<Integer> {
    @ParentCommand private CtlCommand ctl;

    @Parameters(paramLabel = "KEY")
    private String key;

    @Option(
        names = "--if-version",
        paramLabel = "VERSION",
        description = "Only if the key has this version.")
    private String version;

    @Override
    public Integer call() {
      return write(ctl, "DELETE", key, new byte[0], conditions(version, false));
    }
  }
}
