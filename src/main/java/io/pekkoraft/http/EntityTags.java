package io.pekkoraft.http;

import java.util.ArrayList;
import java.util.List;

/**
 * The value of {@code If-Match} or {@code If-None-Match} (RFC 9110 §13.1).
 *
 * @param any whether it is {@code *}, which stands for every tag there is
 */
public record EntityTags(boolean any, List<EntityTag> tags) {
  private static final EntityTags ANY = new EntityTags(true, List.of());

  public EntityTags {
    tags = List.copyOf(tags);
  }

  /**
   * Reads a header's value: {@code *}, or a list of which some elements may be empty.
   *
   * @throws IllegalArgumentException when it is neither, saying where. To pass over such a value
   *     would turn a conditional write into an unconditional one.
   */
  public static EntityTags parse(String value) {
    if (value.strip().equals("*")) {
      return ANY;
    }
    var tags = new Parser(value).list();
    if (tags.isEmpty()) {
      throw new IllegalArgumentException("it names no entity tag");
    }
    return new EntityTags(false, tags);
  }

  private static final class Parser {
    private final String text;
    private int at;

    private Parser(String text) {
      this.text = text;
    }

    private List<EntityTag> list() {
      var tags = new ArrayList<EntityTag>();
      skipSpace();
      while (at < text.length()) {
        if (text.charAt(at) != ',') {
          tags.add(tag());
          skipSpace();
        }
        if (at < text.length()) {
          expect(',');
          skipSpace();
        }
      }
      return tags;
    }

    private EntityTag tag() {
      var weak = text.startsWith("W/", at);
      if (weak) {
        at += 2;
      }
      expect('"');
      var start = at;
      while (at < text.length() && isTagCharacter(text.charAt(at))) {
        at++;
      }
      var opaque = text.substring(start, at);
      expect('"');
      return new EntityTag(weak, opaque);
    }

    /** Anything that can be seen, except the quote; there is no escape for it (§8.8.3). */
    private static boolean isTagCharacter(char c) {
      return c == 0x21 || (c >= 0x23 && c != 0x7F);
    }

    private void expect(char c) {
      if (at == text.length() || text.charAt(at) != c) {
        throw new IllegalArgumentException("expected " + c + " at position " + (at + 1));
      }
      at++;
    }

    private void skipSpace() {
      while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
        at++;
      }
    }
  }
}
