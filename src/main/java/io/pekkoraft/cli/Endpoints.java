package io.pekkoraft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;

/**
 * The nodes of a group, asked one after the other until one answers. A request that may have been
 * heard goes to another one only if it does no harm twice.
 */
final class Endpoints {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int UNAVAILABLE = 503;

  private final HttpClient client;
  private final List<URI> endpoints;
  private final Duration timeout;
  private final Optional<String> token;

  Endpoints(HttpClient client, List<URI> endpoints, Duration timeout, Optional<String> token) {
    this.client = client;
    this.endpoints = List.copyOf(endpoints);
    this.timeout = timeout;
    this.token = token;
  }

  /** As these, but with another patience for an answer. */
  Endpoints within(Duration patience) {
    return new Endpoints(client, endpoints, patience, token);
  }

  /** What a node answered, whatever it is. */
  record Answer(int status, HttpResponse<byte[]> response) {
    boolean isOk() {
      return status < 300;
    }

    byte[] body() {
      return response.body();
    }

    Optional<String> header(String name) {
      return response.headers().firstValue(name);
    }

    /** Missing when it is not JSON. */
    JsonNode json() {
      try {
        return JSON.readTree(body());
      } catch (IOException notJson) {
        return MissingNode.getInstance();
      }
    }
  }

  Answer get(String path) {
    return ask(new Question("GET", path, new byte[0], List.of(), true));
  }

  Answer post(String path, JsonNode body) {
    var bytes = body.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
    return ask(new Question("POST", path, bytes, List.of(), false));
  }

  /**
   * One request.
   *
   * @param headers names and values in turn
   * @param mayRepeat whether it may be done twice
   */
  record Question(
      String method, String path, byte[] body, List<String> headers, boolean mayRepeat) {}

  /**
   * @throws Failure when nobody answers, or it must not be asked again
   */
  Answer ask(Question question) {
    var troubles = new ArrayList<String>();
    var heard = false;
    Answer refused = null;
    for (var endpoint : endpoints) {
      try {
        var response = client.send(request(endpoint, question), BodyHandlers.ofByteArray());
        var answer = new Answer(response.statusCode(), response);
        if (answer.status() != UNAVAILABLE) {
          return answer;
        }
        refused = answer; // Surely nothing was done there; another node may know a leader.
      } catch (IOException e) {
        troubles.add(endpoint + ": " + reason(e));
        if (isUnheard(e)) {
          continue;
        }
        heard = true;
        if (!question.mayRepeat()) {
          break;
        }
      } catch (InterruptedException e) {
        throw new Failure(Exit.UNKNOWN, "Interrupted.");
      }
    }
    if (refused != null && !heard) {
      return refused;
    }
    throw nobody(question, troubles, heard);
  }

  private HttpRequest request(URI endpoint, Question question) {
    var request =
        HttpRequest.newBuilder(endpoint.resolve(question.path()))
            .timeout(timeout)
            .method(question.method(), BodyPublishers.ofByteArray(question.body()));
    token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
    for (var i = 0; i < question.headers().size(); i += 2) {
      request.header(question.headers().get(i), question.headers().get(i + 1));
    }
    return request.build();
  }

  private static boolean isUnheard(IOException failure) {
    return failure instanceof ConnectException
        || failure instanceof java.net.http.HttpConnectTimeoutException
        || failure instanceof SSLHandshakeException;
  }

  private String reason(IOException failure) {
    if (failure instanceof SSLHandshakeException) {
      return "the TLS handshake failed ("
          + failure.getMessage()
          + "); give --cacert, --cert and --key";
    }
    if (failure instanceof java.net.http.HttpConnectTimeoutException) {
      return "no connection within " + timeout.toSeconds() + " s";
    }
    if (failure instanceof java.net.http.HttpTimeoutException) {
      return "no answer within " + timeout.toSeconds() + " s";
    }
    return failure instanceof ConnectException
        ? "nobody listens there"
        : "the connection broke (" + failure.getMessage() + ")";
  }

  private static Failure nobody(Question question, List<String> troubles, boolean heard) {
    var isChange = !question.method().equals("GET");
    var where = String.join("\n  ", troubles);
    return heard && isChange
        ? new Failure(
            Exit.UNKNOWN,
            "Nobody can tell whether it was done; look before you repeat it.\n  " + where)
        : new Failure(
            Exit.NOT_REACHABLE,
            "No endpoint could be reached. Does a node run there? Other endpoints: --endpoint or"
                + " PEKKO_RAFT_ENDPOINTS.\n  "
                + where);
  }

  /**
   * The answer, if it was done.
   *
   * @throws Failure with what the node said, and the exit code that fits
   */
  static Answer done(Answer answer) {
    if (answer.isOk()) {
      return answer;
    }
    var detail = answer.json().path("detail").asText("The node answered " + answer.status() + ".");
    throw switch (answer.status()) {
      case 401, 403 ->
          new Failure(Exit.FAILED, detail + "\nThe token: --token, or PEKKO_RAFT_ADMIN_TOKEN.");
      case 504 -> new Failure(Exit.UNKNOWN, detail);
      default -> new Failure(Exit.FAILED, detail);
    };
  }
}
