package io.pekkoraft.tls;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.Map;

/** The settings by which Artery, Pekko's remoting, talks over mutual TLS. */
public final class ArteryTls {
  private static final String SSL = "pekko.remote.artery.ssl.";

  private ArteryTls() {}

  /**
   * {@code config} as an actor system with remoting is made with; Artery's transport becomes {@code
   * tls-tcp} when {@code pekko-raft.tls} names files and does not say otherwise. Nodes then have to
   * show a certificate of the authority that has a subject name in common with the own one: the
   * cluster's. Addresses are not checked, since nodes move.
   *
   * @throws IllegalArgumentException when the files are not as they should be
   */
  public static Config in(Config config) {
    return TlsSettings.of(config)
        .filter(TlsSettings::betweenNodes)
        .map(tls -> overlay(tls).withFallback(config))
        .orElse(config);
  }

  private static Config overlay(TlsSettings tls) {
    new TlsFiles(tls.certificate(), tls.privateKey(), tls.authority()).context();
    return ConfigFactory.parseMap(
        Map.of(
            "pekko.remote.artery.transport",
            "tls-tcp",
            SSL + "ssl-engine-provider",
            "org.apache.pekko.remote.artery.tcp.ssl.RotatingKeysSSLEngineProvider",
            SSL + "rotating-keys-engine.cert-file",
            tls.certificate().toString(),
            SSL + "rotating-keys-engine.key-file",
            tls.privateKey().toString(),
            SSL + "rotating-keys-engine.ca-cert-file",
            tls.authority().toString(),
            SSL + "rotating-keys-engine.ssl-context-cache-ttl",
            tls.reloadAfter()));
  }
}
