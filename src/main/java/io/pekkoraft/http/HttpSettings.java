package io.pekkoraft.http;

import com.typesafe.config.Config;
import io.pekkoraft.tls.TlsContexts;
import io.pekkoraft.tls.TlsSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Who may talk to the server: the blocks {@code pekko-raft.http} and {@code pekko-raft.tls}.
 *
 * @param token what admin calls need; empty when nobody does
 * @param tls how the connections are encrypted; empty when they are not
 * @param probes the port of a second, plain listener for health and meters alone; 0 for none
 */
record HttpSettings(Optional<AdminToken> token, Optional<TlsContexts> tls, int probes) {
  private static final String BLOCK = "pekko-raft.http";

  /**
   * @throws IllegalArgumentException when a setting or a file is not as it should be
   */
  static HttpSettings of(Config config) {
    return new HttpSettings(
        token(config.getConfig(BLOCK)),
        TlsSettings.of(config).filter(TlsSettings::http).map(TlsContexts::of),
        port(config.getInt(BLOCK + ".probes-port")));
  }

  /**
   * Beyond this machine nobody changes a group without a token.
   *
   * @throws IllegalArgumentException when {@code host} is no loopback address and there is no token
   */
  HttpSettings requireTokenBeyondLoopback(String host) {
    if (token.isEmpty() && !isLoopback(host)) {
      throw new IllegalArgumentException(
          "HTTP on "
              + host
              + " can be reached from other machines, and whoever reaches it could change the"
              + " group. Set "
              + BLOCK
              + ".admin-token or admin-token-file (`openssl rand -hex 32` makes one), or listen on"
              + " 127.0.0.1.");
    }
    return this;
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      // To bind it will fail, and say so.
      return false;
    }
  }

  private static Optional<AdminToken> token(Config http) {
    var given = http.getString("admin-token").strip();
    var file = http.getString("admin-token-file").strip();
    if (!given.isEmpty() && !file.isEmpty()) {
      throw new IllegalArgumentException(
          BLOCK + " has both admin-token and admin-token-file: which one is it?");
    }
    if (!file.isEmpty()) {
      return Optional.of(AdminToken.of(read(Path.of(file))));
    }
    return given.isEmpty() ? Optional.empty() : Optional.of(AdminToken.of(given));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new IllegalArgumentException(
          BLOCK + ".admin-token-file = " + file + " can't be read: " + e, e);
    }
  }

  private static int port(int given) {
    if (given < 0 || given > 65_535) {
      throw new IllegalArgumentException(
          BLOCK + ".probes-port is " + given + "; a port is 1 to 65535, and 0 is for none.");
    }
    return given;
  }
}
