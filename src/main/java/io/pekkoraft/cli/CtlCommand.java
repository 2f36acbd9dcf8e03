package io.pekkoraft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.pekkoraft.tls.TlsFiles;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** Asks a running group, over the HTTP of any of its nodes. */
@Command(
    name = "ctl",
    description = {"Looks at a running group and changes it, over the HTTP of any of its nodes."},
    subcommands = {
      LookCommands.Status.class,
      LookCommands.Members.class,
      LookCommands.Explain.class,
      LookCommands.Watch.class,
      MemberCommands.Add.class,
      MemberCommands.Remove.class,
      MemberCommands.Promote.class,
      OfficeCommands.Transfer.class,
      OfficeCommands.TakeSnapshot.class,
      DiskCommands.Disks.class,
      DiskCommands.Replace.class,
      KeyCommands.Get.class,
      KeyCommands.Put.class,
      KeyCommands.Delete.class
    })
final class CtlCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Option(
      names = {"-e", "--endpoint"},
      paramLabel = "URL",
      split = ",",
      scope = ScopeType.INHERIT,
      defaultValue = "${env:PEKKO_RAFT_ENDPOINTS:-http://127.0.0.1:8080}",
      description = "Nodes, tried in turn; PEKKO_RAFT_ENDPOINTS, or http://127.0.0.1:8080.")
  private List<String> endpoints = new ArrayList<>();

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      scope = ScopeType.INHERIT,
      description = "For an answer of each (10, and 75 for changes of members).")
  private Long timeout;

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      scope = ScopeType.INHERIT,
      defaultValue = "${env:PEKKO_RAFT_ADMIN_TOKEN}",
      showDefaultValue = picocli.CommandLine.Help.Visibility.NEVER,
      description = "For what changes something; better in PEKKO_RAFT_ADMIN_TOKEN.")
  private String token;

  @Option(
      names = "--cacert",
      paramLabel = "PEM",
      scope = ScopeType.INHERIT,
      description = "Who signed the nodes' certificates.")
  private Path authority;

  @Option(
      names = "--cert",
      paramLabel = "PEM",
      scope = ScopeType.INHERIT,
      description = "The own certificate.")
  private Path certificate;

  @Option(
      names = "--key",
      paramLabel = "PEM",
      scope = ScopeType.INHERIT,
      description = "Its private key.")
  private Path privateKey;

  @Option(names = "--json", scope = ScopeType.INHERIT, description = "For programs.")
  private boolean json;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "What is it to be?");
  }

  PrintWriter out() {
    return spec.commandLine().getOut();
  }

  /** Prints what was found, for a program; or says that this is for people. */
  boolean isJson() {
    return json;
  }

  void print(JsonNode found) {
    out().println(found.toPrettyString());
  }

  Endpoints endpoints() {
    return endpoints(Duration.ofSeconds(10));
  }

  /**
   * @param patience unless the command line says otherwise
   */
  Endpoints endpoints(Duration patience) {
    var within = timeout == null ? patience : Duration.ofSeconds(positive(timeout));
    var client = HttpClient.newBuilder().connectTimeout(min(within, Duration.ofSeconds(3)));
    if (Stream.of(authority, certificate, privateKey).anyMatch(file -> file != null)) {
      client.sslContext(tls());
    }
    return new Endpoints(
        client.build(),
        endpoints.stream().map(this::uri).toList(),
        within,
        Optional.ofNullable(token).filter(secret -> !secret.isBlank()));
  }

  private javax.net.ssl.SSLContext tls() {
    if (Stream.of(authority, certificate, privateKey).anyMatch(file -> file == null)) {
      throw usage("--cacert, --cert and --key go together.");
    }
    return new TlsFiles(certificate, privateKey, authority).context();
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private long positive(long seconds) {
    if (seconds < 1 || seconds > 86_400) {
      throw usage("--timeout is between 1 and 86400 seconds.");
    }
    return seconds;
  }

  private URI uri(String text) {
    try {
      var uri = URI.create(text.strip());
      if (List.of("http", "https").contains(String.valueOf(uri.getScheme()))
          && uri.getHost() != null) {
        return uri;
      }
    } catch (IllegalArgumentException malformed) {
      // Told below, as the others are.
    }
    throw usage("\"" + text + "\" is no endpoint; they look like http://127.0.0.1:8080.");
  }

  private ParameterException usage(String what) {
    return new ParameterException(spec.commandLine(), what);
  }
}
