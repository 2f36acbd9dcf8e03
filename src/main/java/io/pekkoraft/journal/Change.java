package io.pekkoraft.journal;

import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** Something to be written, whole or not at all. */
interface Change {
  /**
   * Adds itself to the batch that is about to be written, on the thread that writes; what it finds
   * in the database then is all that came before, save what earlier changes put into this batch.
   *
   * @throws JournalException if it must not be written; what it added is taken out again, and the
   *     others are written without it
   */
  void addTo(WriteBatch batch) throws RocksDBException;

  /** About how many bytes it holds in memory. */
  long bytes();
}
