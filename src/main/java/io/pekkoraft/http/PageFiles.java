package io.pekkoraft.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.HttpCharsets;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * The files of a page for a browser, and nothing else. A browser asks each time whether one has
 * changed, so that no old script meets a new server.
 */
public final class PageFiles extends AllDirectives {
  /** Nothing from elsewhere, nothing inline, in nobody's frame. */
  private static final List<HttpHeader> HEADERS =
      List.of(
          RawHeader.create(
              "Content-Security-Policy",
              "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
                  + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors"
                  + " 'none'"),
          RawHeader.create("X-Content-Type-Options", "nosniff"),
          RawHeader.create("Referrer-Policy", "no-referrer"),
          RawHeader.create("Cache-Control", "no-cache"));

  private final Map<String, Page> pages = new LinkedHashMap<>();

  private record Page(byte[] content, ContentType type, EntityTag tag) {}

  /**
   * @param room beside which they are, as resources
   * @param files their names
   */
  public PageFiles(Class<?> room, List<String> files) {
    files.forEach(file -> pages.put(file, read(room, file)));
  }

  /** Answers with a file; 404 when it is none of them. */
  public Route file(String name) {
    var page = pages.get(name);
    return page == null
        ? complete(Problem.of(StatusCodes.NOT_FOUND, "There is no such file.").response())
        : optionalHeaderValueByName("If-None-Match", known -> answer(page, known));
  }

  private Route answer(Page page, Optional<String> known) {
    var response =
        HttpResponse.create()
            .addHeaders(HEADERS)
            .addHeader(RawHeader.create("ETag", page.tag().toString()));
    return complete(
        known.filter(value -> isKnown(page, value)).isPresent()
            ? response.withStatus(StatusCodes.NOT_MODIFIED)
            : response.withEntity(HttpEntities.create(page.type(), page.content())));
  }

  /** A header that can't be read costs the client the file, and nothing else. */
  private static boolean isKnown(Page page, String value) {
    try {
      var tags = EntityTags.parse(value);
      return tags.any()
          || tags.tags().stream().anyMatch(tag -> tag.opaque().equals(page.tag().opaque()));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static Page read(Class<?> room, String file) {
    try (var in = room.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("The page's file " + file + " is not there.");
      }
      var content = in.readAllBytes();
      return new Page(content, typeOf(file), EntityTag.strong(digest(content)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ContentType typeOf(String file) {
    var media =
        switch (file.substring(file.lastIndexOf('.') + 1)) {
          case "html" -> MediaTypes.TEXT_HTML;
          case "css" -> MediaTypes.TEXT_CSS;
          case "js" -> MediaTypes.APPLICATION_JAVASCRIPT;
          case "txt" -> MediaTypes.TEXT_PLAIN;
          default -> null;
        };
    return media == null
        ? MediaTypes.IMAGE_SVG_XML.toContentType()
        : media.toContentType(HttpCharsets.UTF_8);
  }

  private static String digest(byte[] content) {
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(content);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(digest).substring(0, 22);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256.", e);
    }
  }
}
