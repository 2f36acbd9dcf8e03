package io.pekkoraft.tls;

import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of a server, read anew now and then, so that certificates can be exchanged while it
 * runs. If they can't be read then, the ones before stay in use, and the log says so.
 */
public final class TlsContexts {
  private static final Logger log = LoggerFactory.getLogger(TlsContexts.class);

  private final Supplier<SSLContext> files;
  private final long reloadNanos;
  private final LongSupplier nanoTime;
  // Guarded by this.
  private SSLContext current;
  private long readAt;

  /**
   * @throws IllegalArgumentException when the files can't be read now
   */
  public static TlsContexts of(TlsSettings settings) {
    var files = new TlsFiles(settings.certificate(), settings.privateKey(), settings.authority());
    return new TlsContexts(files::context, settings.reloadAfter().toNanos(), System::nanoTime);
  }

  TlsContexts(Supplier<SSLContext> files, long reloadNanos, LongSupplier nanoTime) {
    this.files = files;
    this.reloadNanos = reloadNanos;
    this.nanoTime = nanoTime;
    this.current = files.get();
    this.readAt = nanoTime.getAsLong();
  }

  /** For one connection: nobody gets through the handshake without a certificate. */
  public SSLEngine serverEngine() {
    var engine = current().createSSLEngine();
    engine.setUseClientMode(false);
    engine.setNeedClientAuth(true);
    return engine;
  }

  synchronized SSLContext current() {
    var now = nanoTime.getAsLong();
    if (now - readAt >= reloadNanos) {
      readAt = now;
      try {
        current = files.get();
      } catch (IllegalArgumentException e) {
        log.warn("The certificates stay as they were: {}", e.getMessage());
      }
    }
    return current;
  }
}
