package io.pekkoraft.node;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import io.pekkoraft.Answered;
import io.pekkoraft.Explanation;
import io.pekkoraft.RaftStatus;
import io.pekkoraft.membership.VersionedConfiguration;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.protocol.ClientMessage;
import io.pekkoraft.protocol.ClientMessage.Propose;
import io.pekkoraft.protocol.ClientMessage.ProposeOnce;
import io.pekkoraft.protocol.ClientMessage.Read;
import io.pekkoraft.protocol.ClientMessage.ReadAnswered;
import io.pekkoraft.serialization.PekkoCommandCodec;
import io.pekkoraft.session.SessionId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;
import org.apache.pekko.serialization.Serialization;

/**
 * What clients ask of peers and are answered, as CBOR under names of our own; an application's
 * commands and results through Pekko Serialization. For any thread.
 */
final class ClientFormat {
  private static final Map<String, Class<?>> REQUESTS =
      Map.ofEntries(
          Map.entry("propose", Propose.class),
          Map.entry("read", Read.class),
          Map.entry("read-answered", ReadAnswered.class),
          Map.entry("open-session", ClientMessage.OpenSession.class),
          Map.entry("propose-once", ProposeOnce.class),
          Map.entry("keep-alive", ClientMessage.KeepAlive.class),
          Map.entry("close-session", ClientMessage.CloseSession.class),
          Map.entry("transfer-leadership", ClientMessage.TransferLeadership.class),
          Map.entry("take-snapshot", ClientMessage.TakeSnapshot.class),
          Map.entry("change-membership", ClientMessage.ChangeMembership.class),
          Map.entry("get-members", ClientMessage.GetMembers.class),
          Map.entry("explain", ClientMessage.Explain.class),
          Map.entry("get-status", ClientMessage.GetStatus.class));

  private static final Map<String, Class<?>> ANSWERS =
      Map.ofEntries(
          Map.entry("result", Result.class),
          Map.entry("answered", AnsweredResult.class),
          Map.entry("session", SessionId.class),
          Map.entry("peer", PeerId.class),
          Map.entry("position", LogPosition.class),
          Map.entry("configuration", VersionedConfiguration.class),
          Map.entry("failure", Failure.class),
          Map.entry("explanation", Explanation.class),
          Map.entry("status", RaftStatus.class));

  /** What a state machine answered. */
  private static final Set<String> RESULTS = Set.of("result", "answered");

  private static final ObjectMapper CBOR = ClientCbor.mapper();

  private final Serialization serialization;

  ClientFormat(Serialization serialization) {
    this.serialization = serialization;
  }

  /** What a state machine answered. */
  record Result(
      @JsonSerialize(using = ClientCbor.Out.class) @JsonDeserialize(using = ClientCbor.In.class)
          Object value) {}

  /** The same, and where in the log it was found. */
  record AnsweredResult(
      @JsonSerialize(using = ClientCbor.Out.class) @JsonDeserialize(using = ClientCbor.In.class)
          Object value,
      LogIndex index) {}

  // Requests.

  /**
   * @throws IllegalArgumentException when the command can't be serialized
   */
  byte[] write(ClientMessage request) {
    return named(nameOf(REQUESTS, request), request);
  }

  /**
   * @throws IOException when it can't be read, as when the command's class is not known here
   */
  ClientMessage readRequest(byte[] bytes, ActorRef<Object> replyTo) throws IOException {
    return (ClientMessage) read(bytes, REQUESTS, replyTo);
  }

  // Answers.

  /**
   * @param answer a {@link StatusReply}, or what comes without one
   * @throws IllegalArgumentException when the result can't be serialized
   */
  byte[] writeAnswer(Object answer) {
    if (!(answer instanceof StatusReply<?> reply)) {
      return named(nameOf(ANSWERS, answer), answer);
    }
    if (reply.isError()) {
      return named("failure", Failure.of(reply.getError()));
    }
    var value = reply.getValue();
    if (value instanceof Answered<?> answered) {
      return named("answered", new AnsweredResult(answered.result(), answered.index()));
    }
    return isOurs(value)
        ? named(nameOf(ANSWERS, value), value)
        : named("result", new Result(value));
  }

  private static boolean isOurs(Object value) {
    return value instanceof SessionId
        || value instanceof PeerId
        || value instanceof LogPosition
        || value instanceof VersionedConfiguration;
  }

  /**
   * Whether a state machine answered this, so that what was asked is done even if the result can't
   * be read.
   */
  boolean isResult(byte[] answer) {
    try {
      return RESULTS.contains(nameIn(answer));
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * The answer, as the peer had given it.
   *
   * @throws IOException when it can't be read, as when the result's class is not known here
   */
  Object readAnswer(byte[] bytes) throws IOException {
    var answer = read(bytes, ANSWERS, null);
    if (answer instanceof Explanation || answer instanceof RaftStatus) {
      return answer;
    } else if (answer instanceof Failure failure) {
      return StatusReply.error(failure.asException());
    } else if (answer instanceof Result result) {
      return StatusReply.success(result.value());
    } else if (answer instanceof AnsweredResult result) {
      return StatusReply.success(new Answered<>(result.value(), result.index()));
    }
    return StatusReply.success(answer);
  }

  // Name, a zero byte, and what it is.

  private static String nameOf(Map<String, Class<?>> types, Object object) {
    for (var type : types.entrySet()) {
      if (type.getValue() == object.getClass()) {
        return type.getKey();
      }
    }
    throw new IllegalArgumentException(object.getClass().getName() + " does not leave its node.");
  }

  private byte[] named(String name, Object object) {
    var codec = new PekkoCommandCodec(serialization);
    try {
      var content = CBOR.writer().withAttribute(ClientCbor.CODEC, codec).writeValueAsBytes(object);
      var bytes = new byte[1 + name.length() + content.length];
      bytes[0] = (byte) name.length();
      for (var i = 0; i < name.length(); i++) {
        bytes[1 + i] = (byte) name.charAt(i);
      }
      System.arraycopy(content, 0, bytes, 1 + name.length(), content.length);
      return bytes;
    } catch (IOException e) {
      throw new IllegalArgumentException("Can't serialize: " + e.getMessage(), e);
    }
  }

  private static String nameIn(byte[] bytes) throws IOException {
    var length = bytes.length == 0 ? 0 : bytes[0];
    if (length <= 0 || length >= bytes.length) {
      throw new IOException("No name.");
    }
    return new String(bytes, 1, length, StandardCharsets.US_ASCII);
  }

  private Object read(byte[] bytes, Map<String, Class<?>> types, ActorRef<Object> replyTo)
      throws IOException {
    var name = nameIn(bytes);
    var type = types.get(name);
    if (type == null) {
      throw new IOException("Unknown name \"" + name + "\"; was it sent by a newer version?");
    }
    Object content;
    try {
      content =
          CBOR.readerFor(type)
              .withAttribute(ClientCbor.CODEC, new PekkoCommandCodec(serialization))
              .withAttribute(ClientCbor.REPLY_TO, replyTo)
              .readValue(bytes, 1 + name.length(), bytes.length - 1 - name.length());
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      // An application's class that is not whole here, or nests too deep, ends a request, no node.
      throw new IOException(e);
    }
    if (content == null) { // As CBOR may say.
      throw new IOException("Nothing is in it.");
    }
    return content;
  }
}
