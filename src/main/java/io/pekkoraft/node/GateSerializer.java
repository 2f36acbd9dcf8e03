package io.pekkoraft.node;

import io.pekkoraft.model.PeerId;
import io.pekkoraft.node.GateMessage.Bundle;
import io.pekkoraft.node.GateMessage.Call;
import io.pekkoraft.node.GateMessage.ForPeer;
import io.pekkoraft.node.GateMessage.Goodbye;
import io.pekkoraft.node.GateMessage.Introduction;
import io.pekkoraft.node.GateMessage.Ping;
import io.pekkoraft.node.GateMessage.Pong;
import io.pekkoraft.node.GateMessage.Question;
import io.pekkoraft.node.GateMessage.Reply;
import io.pekkoraft.protocol.PeerMessage;
import io.pekkoraft.serialization.RaftSerializer;
import io.pekkoraft.serialization.SerializerId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.NotSerializableException;
import java.util.ArrayList;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * What gates say, as bytes: the fields in their order, as {@link DataOutputStream} writes them, and
 * what a peer says as {@link RaftSerializer} does. The manifests are on the wire and never change;
 * another layout gets a new one.
 */
public final class GateSerializer extends SerializerWithStringManifest {
  private static final String FOR_PEER = "for-peer/1";
  private static final String BUNDLE = "bundle/1";
  private static final String QUESTION = "question/1";
  private static final String CALL = "call/1";
  private static final String REPLY = "reply/1";
  private static final String PING = "ping/1";
  private static final String PONG = "pong/1";
  private static final String GOODBYE = "goodbye/1";
  private static final String INTRODUCTION = "introduction/1";

  private final int identifier;
  private final RaftSerializer peers;

  public GateSerializer(ExtendedActorSystem system) {
    peers = new RaftSerializer(system);
    identifier = SerializerId.of(GateSerializer.class, system);
  }

  @Override
  public int identifier() {
    return identifier;
  }

  @Override
  public String manifest(Object object) {
    if (object instanceof ForPeer) {
      return FOR_PEER;
    } else if (object instanceof Bundle) {
      return BUNDLE;
    } else if (object instanceof Question) {
      return QUESTION;
    } else if (object instanceof Call) {
      return CALL;
    } else if (object instanceof Reply) {
      return REPLY;
    } else if (object instanceof Ping) {
      return PING;
    } else if (object instanceof Pong) {
      return PONG;
    } else if (object instanceof Goodbye) {
      return GOODBYE;
    } else if (object instanceof Introduction) {
      return INTRODUCTION;
    }
    throw new IllegalArgumentException(object.getClass().getName() + " is no gate's message.");
  }

  @Override
  public byte[] toBinary(Object object) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      out.writeUTF(((GateMessage) object).from());
      write(object, out);
    } catch (IOException e) {
      throw new IllegalArgumentException("Can't serialize " + object + ".", e);
    }
    return bytes.toByteArray();
  }

  private void write(Object object, DataOutputStream out) throws IOException {
    if (object instanceof ForPeer letter) {
      out.writeUTF(letter.group());
      out.writeUTF(letter.sender().value());
      out.writeUTF(letter.to().value());
      out.writeUTF(peers.manifest(letter.message()));
      out.write(peers.toBinary(letter.message()));
    } else if (object instanceof Bundle bundle) {
      writeLetters(bundle, out);
    } else if (object instanceof Question question) {
      out.writeLong(question.asker());
      out.writeLong(question.number());
      out.writeUTF(question.group());
      out.writeUTF(question.to().value());
      out.writeLong(question.patienceMillis());
      out.write(question.request());
    } else if (object instanceof Call call) {
      out.writeLong(call.asker());
      out.writeLong(call.number());
      out.writeUTF(call.service());
      out.writeLong(call.patienceMillis());
      out.write(call.content());
    } else if (object instanceof Reply reply) {
      out.writeLong(reply.asker());
      out.writeLong(reply.number());
      out.write(reply.answer());
    } else if (object instanceof Ping ping) {
      out.writeLong(ping.incarnation());
      out.writeLong(ping.sentAt());
    } else if (object instanceof Pong pong) {
      out.writeLong(pong.incarnation());
      out.writeLong(pong.sentAt());
    } else if (object instanceof Goodbye goodbye) {
      out.writeLong(goodbye.incarnation());
    } else if (object instanceof Introduction introduction) {
      out.writeUTF(introduction.group());
      out.writeUTF(introduction.peer().value());
    }
  }

  private void writeLetters(Bundle bundle, DataOutputStream out) throws IOException {
    out.writeInt(bundle.letters().size());
    for (var letter : bundle.letters()) {
      out.writeUTF(letter.group());
      out.writeUTF(letter.sender().value());
      out.writeUTF(letter.to().value());
      out.writeUTF(peers.manifest(letter.message()));
      var message = peers.toBinary(letter.message());
      out.writeInt(message.length);
      out.write(message);
    }
  }

  @Override
  public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
    try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      return read(manifest, in.readUTF(), in);
    } catch (NotSerializableException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      var malformed = new NotSerializableException("Malformed " + manifest + ": " + e.getMessage());
      malformed.initCause(e);
      throw malformed;
    }
  }

  private GateMessage read(String manifest, String from, DataInputStream in) throws IOException {
    return switch (manifest) {
      case FOR_PEER -> new ForPeer(from, in.readUTF(), peer(in), peer(in), message(in));
      case BUNDLE -> readLetters(from, in);
      case QUESTION ->
          new Question(
              from,
              in.readLong(),
              in.readLong(),
              in.readUTF(),
              peer(in),
              in.readLong(),
              in.readAllBytes());
      case CALL ->
          new Call(
              from, in.readLong(), in.readLong(), in.readUTF(), in.readLong(), in.readAllBytes());
      case REPLY -> new Reply(from, in.readLong(), in.readLong(), in.readAllBytes());
      case PING -> new Ping(from, in.readLong(), in.readLong());
      case PONG -> new Pong(from, in.readLong(), in.readLong());
      case GOODBYE -> new Goodbye(from, in.readLong());
      case INTRODUCTION -> new Introduction(from, in.readUTF(), peer(in));
      default ->
          throw new NotSerializableException(
              "Unknown manifest \"" + manifest + "\"; was it sent by a newer version?");
    };
  }

  private Bundle readLetters(String from, DataInputStream in) throws IOException {
    var letters = new ArrayList<ForPeer>();
    for (var left = in.readInt(); left > 0; left--) {
      letters.add(new ForPeer(from, in.readUTF(), peer(in), peer(in), sizedMessage(in)));
    }
    return new Bundle(from, letters);
  }

  private PeerMessage sizedMessage(DataInputStream in) throws IOException {
    var manifest = in.readUTF();
    var size = in.readInt();
    var bytes = in.readNBytes(size); // No more than there are, however many are said to come.
    if (bytes.length < size) {
      throw new EOFException();
    }
    return message(manifest, bytes);
  }

  private static PeerId peer(DataInputStream in) throws IOException {
    return PeerId.of(in.readUTF());
  }

  private PeerMessage message(DataInputStream in) throws IOException {
    var manifest = in.readUTF();
    return message(manifest, in.readAllBytes());
  }

  private PeerMessage message(String manifest, byte[] bytes) throws IOException {
    var message = (PeerMessage) peers.fromBinary(bytes, manifest);
    if (message == null) { // As CBOR may say.
      throw new NotSerializableException("Nothing is in " + manifest + ".");
    }
    return message;
  }
}
