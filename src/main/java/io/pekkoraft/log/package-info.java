/**
 * The log in memory (§5.3): appending, matching against a leader's log, finding where two logs
 * part. Pure; what must survive is staged by whoever changes it.
 *
 * <pre>
 *   index   1   2   3   4   5   6   7
 *   term    1   1   2   4   4   4   4
 *                   ▲               ▲
 *               committed         last
 * </pre>
 *
 * <p>May use: {@code model}.
 */
package io.pekkoraft.log;
