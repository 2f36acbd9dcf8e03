/**
 * Who may lead: the ballot (term and vote), the rules for granting a vote, counting votes, and how
 * long to wait (§5.2, §5.4.1; pre-vote: thesis §9.6).
 *
 * <p>May use: {@code model}, {@code membership}.
 */
package io.pekkoraft.election;
