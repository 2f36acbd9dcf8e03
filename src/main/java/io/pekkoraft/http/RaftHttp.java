package io.pekkoraft.http;

import com.typesafe.config.ConfigFactory;
import io.pekkoraft.tls.TlsSettings;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.ConnectionContext;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.ServerBuilder;
import org.apache.pekko.http.javadsl.server.Directives;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.http.javadsl.settings.ServerSettings;

/** Serves a route over HTTP, with every error a {@link Problem}. */
public final class RaftHttp {
  private static final Duration BODY_TIMEOUT = Duration.ofSeconds(15);

  private static final Duration GRACE = Duration.ofSeconds(1);

  /**
   * What the routes rely on. A key of 1024 bytes has three times as many characters,
   * percent-encoded. Headers come as they were sent, since Pekko HTTP renders anew what it has
   * parsed. One chunk may be as large as a body; the body's own limit is that of {@link
   * BoundedBody}.
   */
  private static final String SETTINGS =
      """
      pekko.http.server {
        transparent-head-requests = on
        parsing {
          error-handler = "%s"
          error-logging-verbosity = off
          max-uri-length = 8k
          max-chunk-size = 8m
          modeled-header-parsing = off
        }
      }
      """
          .formatted(ProblemParsingErrorHandler.class.getName());

  private RaftHttp() {}

  /**
   * Binds {@code route}; the settings of {@code pekko.http.server} apply, where the routes here do
   * not need another value. {@code pekko-raft.tls} says whether only those with a certificate get
   * in, {@code pekko-raft.http} what admin calls need. {@code /health} and {@code /metrics} are
   * served beside the route.
   *
   * @param port 0 for any that is free
   * @param maxBodyBytes the most that the body of a request may have; 413 beyond
   * @return the binding, or a failure whose cause is the operating system's
   * @throws IllegalArgumentException when a setting is not as it should be, or {@code host} can be
   *     reached from other machines and there is no admin token
   */
  public static CompletionStage<ServerBinding> bind(
      ActorSystem<?> system, String host, int port, Route route, long maxBodyBytes) {
    var access = HttpSettings.of(system.settings().config()).requireTokenBeyondLoopback(host);
    var operations = new OperationsRoute(system).route();
    var all = Directives.concat(route, operations);
    var guarded = new ForeignPages().around(new AdminGuard(access.token()).around(all));
    var plain = server(system, host, port);
    var server =
        access
            .tls()
            .map(tls -> plain.enableHttps(ConnectionContext.httpsServer(tls::serverEngine)))
            .orElse(plain);
    var bound = server.bind(served(guarded, maxBodyBytes));
    return access.probes() == 0
        ? bound
        : bound.thenCompose(
            binding ->
                server(system, host, access.probes())
                    .bind(served(operations, 0))
                    .thenApply(
                        probes -> {
                          probes.addToCoordinatedShutdown(GRACE, system);
                          return binding;
                        }));
  }

  private static ServerBuilder server(ActorSystem<?> system, String host, int port) {
    var settings =
        ServerSettings.create(
            ConfigFactory.parseString(SETTINGS).withFallback(system.settings().config()));
    return Http.get(system).newServerAt(host, port).withSettings(settings);
  }

  private static Route served(Route route, long maxBodyBytes) {
    var body = new BoundedBody(maxBodyBytes, BODY_TIMEOUT);
    return new ProblemBoundary().around(body.around(route));
  }

  /** {@code https} when {@link #bind} would let nobody in without a certificate, else http. */
  public static String scheme(ActorSystem<?> system) {
    return TlsSettings.of(system.settings().config()).filter(TlsSettings::http).isPresent()
        ? "https"
        : "http";
  }
}
