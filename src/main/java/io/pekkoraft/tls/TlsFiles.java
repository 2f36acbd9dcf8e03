package io.pekkoraft.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.pekko.pki.pem.DERPrivateKeyLoader;
import org.apache.pekko.pki.pem.PEMDecoder;
import org.apache.pekko.pki.pem.PEMLoadingException;

/** A certificate, its key, and who is believed, as PEM files; for a server or for a client. */
public record TlsFiles(Path certificate, Path privateKey, Path authority) {
  private static final char[] IN_MEMORY_ONLY = {};

  /**
   * Reads the files.
   *
   * @throws IllegalArgumentException when one can't be read, is not what it should be, or is no
   *     longer good; names the file, and never what is in it
   */
  public SSLContext context() {
    try {
      var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(identity(), IN_MEMORY_ONLY);
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(authorities());
      var context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException(
          "TLS with "
              + certificate
              + " and "
              + privateKey
              + " can't be set up; keys have to be RSA: "
              + e,
          e);
    }
  }

  private KeyStore identity() throws GeneralSecurityException, IOException {
    var chain = certificates(certificate);
    var own = (X509Certificate) chain.iterator().next();
    try {
      own.checkValidity();
    } catch (CertificateException e) {
      throw new IllegalArgumentException(
          certificate
              + " is good from "
              + own.getNotBefore()
              + " to "
              + own.getNotAfter()
              + " only.",
          e);
    }
    var store = empty();
    store.setKeyEntry("own", key(), IN_MEMORY_ONLY, chain.toArray(Certificate[]::new));
    return store;
  }

  private KeyStore authorities() throws GeneralSecurityException, IOException {
    var store = empty();
    var number = 0;
    for (var each : certificates(authority)) {
      store.setCertificateEntry("authority-" + number++, each);
    }
    return store;
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, IN_MEMORY_ONLY);
    return store;
  }

  private static Collection<? extends Certificate> certificates(Path file) {
    Collection<? extends Certificate> found;
    try {
      var bytes = new ByteArrayInputStream(Files.readAllBytes(file));
      found = CertificateFactory.getInstance("X.509").generateCertificates(bytes);
    } catch (CertificateException | IOException e) {
      throw new IllegalArgumentException(file + " holds no certificate in PEM: " + e, e);
    }
    if (found.isEmpty()) {
      throw new IllegalArgumentException(file + " holds no certificate in PEM.");
    }
    return found;
  }

  private PrivateKey key() {
    try {
      return DERPrivateKeyLoader.load(PEMDecoder.decode(Files.readString(privateKey)));
    } catch (PEMLoadingException | IOException e) {
      // What is in the file stays in the file.
      throw new IllegalArgumentException(
          privateKey + " holds no private key in PEM (RSA, PKCS#8 or PKCS#1, without a password).");
    }
  }
}
