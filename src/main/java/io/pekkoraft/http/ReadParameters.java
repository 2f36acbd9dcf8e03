package io.pekkoraft.http;

import io.pekkoraft.ReadConsistency;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.japi.Pair;

/**
 * What a read may miss, as the parameters of a request say: {@code ?read=linearizable}, which is
 * what goes without saying, {@code lease}, {@code follower} or {@code stale}; how stale it may be
 * says {@code max-age}, as in {@code ?read=stale&max-age=500ms}.
 */
public final class ReadParameters {
  /** How stale an answer may be when nobody says. */
  static final Duration DEFAULT_MAX_AGE = Duration.ofSeconds(1);

  private static final String READ = "read";
  private static final String MAX_AGE = "max-age";
  private static final Pattern AGE = Pattern.compile("([0-9]{1,9})(ms|s)");

  private ReadParameters() {}

  /**
   * @throws ProblemException 400, when a parameter is not one of these. To pass over it would
   *     answer another question than the one that was asked.
   */
  public static ReadConsistency of(HttpRequest request) {
    var maxAge = only(request, MAX_AGE).map(ReadParameters::age);
    var read = only(request, READ).orElse("linearizable");
    if (maxAge.isPresent() && !read.equals("stale")) {
      throw refused("max-age belongs to read=stale: every other read misses nothing.");
    }
    return switch (read) {
      case "linearizable" -> ReadConsistency.linearizable();
      case "lease" -> ReadConsistency.lease();
      case "follower" -> ReadConsistency.follower();
      case "stale" -> ReadConsistency.stale(maxAge.orElse(DEFAULT_MAX_AGE));
      default -> throw refused("read is one of linearizable, lease, follower and stale.");
    };
  }

  private static Optional<String> only(HttpRequest request, String name) {
    List<String> values =
        request.getUri().query().toList().stream()
            .filter(parameter -> parameter.first().equals(name))
            .map(Pair::second)
            .collect(Collectors.toList());
    if (values.size() > 1) {
      throw refused("The parameter " + name + " is there " + values.size() + " times.");
    }
    return values.stream().findFirst();
  }

  private static Duration age(String text) {
    var age = AGE.matcher(text);
    if (!age.matches()) {
      throw refused("max-age is a number of ms or s, as in max-age=500ms.");
    }
    var number = Long.parseLong(age.group(1));
    return age.group(2).equals("ms") ? Duration.ofMillis(number) : Duration.ofSeconds(number);
  }

  private static ProblemException refused(String detail) {
    return new ProblemException(Problem.of(StatusCodes.BAD_REQUEST, detail));
  }
}
