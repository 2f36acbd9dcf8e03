package io.pekkoraft.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MakeCertificatesTest {
  @TempDir Path directory;

  private static X509Certificate certificate(Path file) throws Exception {
    try (var in = Files.newInputStream(file)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  @Test
  @DisplayName("a node's certificate carries the cluster's name and its addresses; a client's none")
  void subjects() throws Exception {
    Certificates.in(directory, "--node", "n1=10.0.0.1,n1.example.com", "--client", "alice");
    var node = certificate(directory.resolve("n1.crt"));
    assertThat(node.getSubjectAlternativeNames())
        .extracting(name -> name.get(1))
        .isEqualTo(List.of("pekko-raft", "n1", "10.0.0.1", "n1.example.com"));
    var client = certificate(directory.resolve("alice.crt"));
    assertThat(client.getSubjectAlternativeNames()).isNull();
    assertThat(client.getSubjectX500Principal().getName()).isEqualTo("CN=client-alice");
    var authority = certificate(directory.resolve("ca.crt"));
    node.verify(authority.getPublicKey());
    client.verify(authority.getPublicKey());
  }

  @Test
  @DisplayName("keys are for their owner's eyes only")
  void permissions() throws IOException {
    Certificates.in(directory, "--node", "n1=127.0.0.1");
    for (var key : List.of("ca.key", "n1.key")) {
      assertThat(
              PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(key))))
          .isEqualTo("rw-------");
    }
  }

  @Test
  @DisplayName("a node is added under the authority that is there, and nothing is overwritten")
  void addsAndKeeps() throws Exception {
    Certificates.in(directory, "--node", "n1=127.0.0.1");
    var before = Files.readString(directory.resolve("n1.crt"));
    var again = Certificates.run(directory, "--node", "n2=127.0.0.1", "--node", "n1=127.0.0.1");
    assertThat(again.code()).isEqualTo(1);
    assertThat(again.output()).contains("n1.crt is there already");
    assertThat(directory.resolve("n2.crt")).doesNotExist();
    assertThat(Files.readString(directory.resolve("n1.crt"))).isEqualTo(before);
    Certificates.in(directory, "--node", "n2=127.0.0.1");
    certificate(directory.resolve("n2.crt"))
        .verify(certificate(directory.resolve("ca.crt")).getPublicKey());
  }

  @ParameterizedTest
  @DisplayName("what makes no sense is refused before anything is made")
  @ValueSource(
      strings = {
        "",
        "--node n1",
        "--node n1=",
        "--node ../n1=127.0.0.1",
        "--node ca=127.0.0.1",
        "--node pekko-raft=127.0.0.1",
        "--client pekko-raft",
        "--client client-x",
        "--days 0 --client x",
        "--nod n1=127.0.0.1",
        "--client x --client x",
        "--node n1=1.2.3.4;x"
      })
  void refuses(String options) {
    var made = directory.resolve("made");
    var run = Certificates.run(made, options.isEmpty() ? new String[0] : options.split(" "));
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.output()).startsWith("make-certificates: ");
    assertThat(made).doesNotExist();
  }

  @Test
  @DisplayName("a file that is not what it should be is named, and what is in it is not shown")
  void wrongFiles() {
    Certificates.in(directory, "--node", "n1=127.0.0.1");
    var good = Certificates.in(directory.resolve("other"), "--node", "n1=127.0.0.1").of("n1");
    var swapped = new TlsFiles(good.privateKey(), good.certificate(), good.authority());
    assertThatThrownBy(swapped::context)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(good.privateKey() + " holds no certificate");
    var noKey = new TlsFiles(good.certificate(), good.authority(), good.authority());
    assertThatThrownBy(noKey::context)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("holds no private key");
  }
}
