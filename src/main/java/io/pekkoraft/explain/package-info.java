/**
 * Why a peer makes no progress: from what it knows ({@link io.pekkoraft.explain.Facts}) to what is
 * to be said of it ({@link io.pekkoraft.Finding}). A peer gathers, {@link
 * io.pekkoraft.explain.Reasoning} concludes.
 *
 * <p>May use: {@code model}, {@code membership}.
 */
package io.pekkoraft.explain;
