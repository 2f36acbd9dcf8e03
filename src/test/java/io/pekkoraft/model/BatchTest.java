package io.pekkoraft.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class BatchTest {
  private static final Entry A = Entry.command(Term.of(1), Bytes.wrap(new byte[] {1, 2, 3}));
  private static final Entry B = Entry.noOp(Term.of(2));
  private static final Entry C = Entry.command(Term.of(2), Bytes.wrap(new byte[] {4}));

  @Test
  @DisplayName("what was packed is unpacked, and shares the packed bytes")
  void roundTrip() {
    var packed = Batch.of(A, B, C).packed();
    var unpacked = Batch.unpack(packed);
    assertThat(unpacked.entries()).containsExactly(A, B, C);
    assertThat(unpacked.packed()).isSameAs(packed);
    assertThat(unpacked.entries().get(0).payload().array()).isSameAs(packed);
  }

  @Test
  @DisplayName("an empty batch has no bytes")
  void empty() {
    assertThat(Batch.pack(List.of()).packed()).isEmpty();
    assertThat(Batch.unpack(new byte[0])).isEqualTo(Batch.EMPTY);
  }

  @Test
  @DisplayName("batches one after the other are the batch of all")
  void concatenation() {
    var all = Batch.concat(List.of(Batch.of(A), Batch.of(B, C)));
    assertThat(all).isEqualTo(Batch.of(A, B, C));
    assertThat(all.packed()).isEqualTo(Batch.of(A, B, C).packed());
  }

  @Test
  @DisplayName("dropping nothing keeps the bytes, dropping something packs the rest")
  void drop() {
    var all = Batch.of(A, B, C);
    assertThat(all.drop(0)).isSameAs(all);
    assertThat(all.drop(2)).isEqualTo(Batch.of(C));
    assertThat(all.drop(3)).isEqualTo(Batch.EMPTY);
  }

  @Test
  @DisplayName("the layout is what is on disks: term, kind, size, payload")
  void layout() {
    var expected =
        ByteBuffer.allocate(16).putLong(1).put((byte) 1).putInt(3).put(new byte[] {1, 2, 3});
    assertThat(Batch.of(A).packed()).isEqualTo(expected.array());
  }

  @Test
  @DisplayName("damaged bytes are refused, wherever they end")
  void damaged() {
    var packed = Batch.of(A, B, C).packed();
    for (var length = 1; length < packed.length; length++) {
      var cut = java.util.Arrays.copyOf(packed, length);
      if (length == A.packedSize() || length == A.packedSize() + B.packedSize()) {
        assertThat(Batch.unpack(cut)).isNotNull();
      } else {
        assertThatThrownBy(() -> Batch.unpack(cut)).isInstanceOf(IllegalArgumentException.class);
      }
    }
  }

  @Test
  @DisplayName("an unknown kind, a negative size and terms that go back are refused")
  void malformed() {
    var unknown = Batch.of(A).packed().clone();
    unknown[8] = 77;
    assertThatThrownBy(() -> Batch.unpack(unknown)).hasMessageContaining("unknown kind 77");
    var negative = Batch.of(A).packed().clone();
    ByteBuffer.wrap(negative).putInt(9, -1);
    assertThatThrownBy(() -> Batch.unpack(negative)).hasMessageContaining("-1 bytes");
    var backwards = Batch.pack(List.of(C, A)).packed();
    assertThatThrownBy(() -> Batch.unpack(backwards)).hasMessageContaining("goes back");
  }
}
