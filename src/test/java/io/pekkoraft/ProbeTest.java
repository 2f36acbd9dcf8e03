package io.pekkoraft;

import org.junit.jupiter.api.Test;

class ProbeTest {
  @Test
  void x() {}
}
