package io.pekkoraft.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.regex.Pattern;

/** The secret of those who run the group. It is compared in constant time, and never shown. */
final class AdminToken {
  /** RFC 6750 §2.1; long enough not to be guessed. */
  private static final Pattern LEGAL = Pattern.compile("[A-Za-z0-9._~+/-]{16,512}=*");

  private static final Pattern BEARER = Pattern.compile("(?i:bearer) +(\\S+) *");

  private final byte[] digest;

  private AdminToken(byte[] digest) {
    this.digest = digest;
  }

  /**
   * @throws IllegalArgumentException when it is too short to be a secret, or can't stand in a
   *     header; without showing it
   */
  static AdminToken of(String secret) {
    if (!LEGAL.matcher(secret).matches()) {
      throw new IllegalArgumentException(
          "The admin token is 16 to 512 letters, digits or ._~+/- such as `openssl rand -hex 32`"
              + " makes; this one has "
              + secret.length()
              + " characters, or others.");
    }
    return new AdminToken(sha256(secret));
  }

  /**
   * @param authorization the header's value: {@code Bearer} and the token
   */
  boolean isIn(Optional<String> authorization) {
    return authorization
        .map(BEARER::matcher)
        .filter(value -> value.matches())
        .map(value -> MessageDigest.isEqual(digest, sha256(value.group(1))))
        .orElse(false);
  }

  @Override
  public String toString() {
    return "an admin token";
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256.", e);
    }
  }
}
