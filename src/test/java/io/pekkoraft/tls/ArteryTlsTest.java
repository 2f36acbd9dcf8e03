package io.pekkoraft.tls;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who gets through to a node by way of Artery, when it talks over TLS. */
class ArteryTlsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path directory;
  private final List<ActorTestKit> kits = new ArrayList<>();
  private Certificates certificates;
  private ActorTestKit node;
  private TestProbe<String> ear;

  @BeforeEach
  void begin() {
    certificates =
        Certificates.in(
            directory.resolve("ours"),
            "--node",
            "n1=127.0.0.1",
            "--node",
            "n2=127.0.0.1",
            "--client",
            "alice");
    node = kit(certificates.settings("n1"));
    ear = node.createTestProbe();
  }

  /** Whoever came last first: Pekko's TLS waits for the end of one that never spoke TLS. */
  @AfterEach
  void end() {
    Collections.reverse(kits);
    kits.forEach(kit -> ActorTestKit.shutdown(kit.system(), Duration.ofSeconds(30), false));
  }

  private ActorTestKit kit(String tls) {
    var kit = ActorTestKit.create("node", remoting(tls));
    kits.add(kit);
    return kit;
  }

  private static Config remoting(String tls) {
    return ArteryTls.in(
        ConfigFactory.parseString(
                """
                pekko.actor.provider = remote
                pekko.remote.artery {
                  canonical { hostname = "127.0.0.1", port = 0 }
                  advanced.handshake-timeout = 20s
                }
                pekko.loglevel = OFF
                """
                    + tls)
            .withFallback(ConfigFactory.load()));
  }

  private ActorRef<String> earAsSeenFrom(ActorTestKit other) {
    var address = ActorRefResolver.get(node.system()).toSerializationFormat(ear.ref());
    return ActorRefResolver.get(other.system()).resolveActorRef(address);
  }

  /** The member speaks last; by then whoever else could be heard would have been. */
  private void onlyTheMemberIsHeard(ActorTestKit stranger) {
    var from = earAsSeenFrom(stranger);
    var member = earAsSeenFrom(kit(certificates.settings("n2")));
    for (var i = 0; i < 20; i++) {
      from.tell("stranger");
      member.tell("member " + i);
      assertThat(ear.receiveMessage(PATIENCE)).isEqualTo("member " + i);
    }
    ear.expectNoMessage(Duration.ofMillis(500));
  }

  @Test
  @DisplayName("a member gets through")
  void member() {
    earAsSeenFrom(kit(certificates.settings("n2"))).tell("hello");
    assertThat(ear.receiveMessage(PATIENCE)).isEqualTo("hello");
  }

  @Test
  @DisplayName("who talks without TLS is not heard")
  void plain() {
    onlyTheMemberIsHeard(kit(""));
  }

  @Test
  @DisplayName("a node of another authority is not heard, whatever its certificate says")
  void otherAuthority() {
    var others = Certificates.in(directory.resolve("theirs"), "--node", "n2=127.0.0.1");
    onlyTheMemberIsHeard(kit(others.settings("n2")));
  }

  @Test
  @DisplayName("a client of our authority is no node, and not heard")
  void client() {
    onlyTheMemberIsHeard(kit(certificates.settings("alice")));
  }

  @Test
  @DisplayName("a node of another cluster under our authority is not heard")
  void otherCluster() {
    Certificates.in(directory.resolve("ours"), "--cluster", "other", "--node", "x1=127.0.0.1");
    onlyTheMemberIsHeard(kit(certificates.settings("x1")));
  }

  @Test
  @DisplayName("who has no certificate is cut off, who has one of a member is not")
  void socket() throws Exception {
    var known = certificates.of("n2").context();
    assertThat(isLeftOpen(known, Duration.ofSeconds(1))).isTrue();
    assertThat(isLeftOpen(withoutCertificate(), PATIENCE)).isFalse();
  }

  /** Believes everybody and has nothing to show. */
  private static SSLContext withoutCertificate() throws Exception {
    var context = SSLContext.getInstance("TLS");
    context.init(null, new javax.net.ssl.TrustManager[] {new Gullible()}, null);
    return context;
  }

  /** In TLS 1.3 a client hears that it is refused when it reads, after its own handshake. */
  private boolean isLeftOpen(SSLContext context, Duration patience) throws IOException {
    var port = node.system().address().getPort().orElseThrow();
    try (var socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket.startHandshake();
      socket.setSoTimeout((int) patience.toMillis());
      return socket.getInputStream().read() >= 0;
    } catch (java.net.SocketTimeoutException silent) {
      return true;
    } catch (IOException refused) {
      return false;
    }
  }
}
