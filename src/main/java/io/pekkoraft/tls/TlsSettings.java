package io.pekkoraft.tls;

import com.typesafe.config.Config;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where the certificates are, and what they are for: the block {@code pekko-raft.tls}, which {@code
 * reference.conf} explains.
 *
 * @param certificate of this node, with what leads to the authority, if there is anything between
 * @param privateKey that belongs to it
 * @param authority the certificates of those whose signature is believed
 * @param http whether HTTP is served over TLS, to those with a certificate
 * @param betweenNodes whether nodes talk over TLS
 * @param reloadAfter how long what was read from the files is used
 */
public record TlsSettings(
    Path certificate,
    Path privateKey,
    Path authority,
    boolean http,
    boolean betweenNodes,
    Duration reloadAfter) {
  private static final String BLOCK = "pekko-raft.tls";

  /**
   * Empty when no file is named, and so nothing is encrypted.
   *
   * @param config of the actor system, or what it will be made with
   * @throws IllegalArgumentException when some files are named and others are not, or one can't be
   *     read, or the times make no sense
   */
  public static Optional<TlsSettings> of(Config config) {
    var tls = config.getConfig(BLOCK);
    var keys = List.of("certificate", "private-key", "authority");
    var missing = keys.stream().filter(key -> tls.getString(key).isBlank()).toList();
    if (missing.size() == keys.size()) {
      return Optional.empty();
    }
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException(
          BLOCK + " names some files but not " + missing + ": it needs all three, or none.");
    }
    var reloadAfter = tls.getDuration("reload-after");
    if (reloadAfter.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException(
          BLOCK + ".reload-after is " + reloadAfter + "; it must be at least 1 s.");
    }
    return Optional.of(
        new TlsSettings(
            readable(tls, "certificate"),
            readable(tls, "private-key"),
            readable(tls, "authority"),
            tls.getBoolean("http"),
            tls.getBoolean("between-nodes"),
            reloadAfter));
  }

  private static Path readable(Config tls, String key) {
    var file = Path.of(tls.getString(key)).toAbsolutePath().normalize();
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new IllegalArgumentException(
          BLOCK + "." + key + " = " + file + ": there is no such file, or it can't be read.");
    }
    return file;
  }
}
