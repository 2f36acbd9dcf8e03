package io.pekkoraft.demo;

import io.pekkoraft.demo.KeyValue.Command;
import io.pekkoraft.demo.KeyValue.Put;
import io.pekkoraft.demo.KeyValue.Remove;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** What tells one write from another: a SHA-256 over all that it asks for. */
final class Fingerprint {
  private Fingerprint() {}

  static String of(Command command) {
    var digest = sha256();
    add(digest, command.getClass().getSimpleName());
    add(digest, command.key());
    if (command instanceof Put put) {
      add(digest, put.conditions().toString());
      add(digest, put.value());
    } else if (command instanceof Remove remove) {
      add(digest, remove.conditions().toString());
    }
    return Base64.getUrlEncoder().withoutPadding().encodeToString(digest.digest());
  }

  private static void add(MessageDigest digest, String text) {
    add(digest, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void add(MessageDigest digest, byte[] bytes) {
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
    digest.update(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256.", e);
    }
  }
}
