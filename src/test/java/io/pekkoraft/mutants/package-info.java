/**
 * Proof that the simulator finds bugs: known mistakes are put into the production code, one at a
 * time, and each must be caught. What is caught once stays caught, or the build fails.
 *
 * <pre>
 *   Mutant ──edits──▶ source ──▶ MutantLoader: io.pekkoraft.** anew, the mistake in it
 *                                      │
 *                      Story, with seeds 1, 2, 3, ... until an oracle says no
 * </pre>
 */
package io.pekkoraft.mutants;
