/**
 * Who belongs to the group, who decides in it, and how it changes (§6; learners, and peers that
 * leave: thesis §4.2).
 *
 * <pre>
 *   log       ... │ a b c │ ......... │ a b c + c d e │ ......... │ c d e │ ...
 *   decides         a b c               a majority of both          c d e
 *
 *                       next(change)                 afterJoint()
 *                       when the last one            when the joint one
 *                       is committed                 is committed
 * </pre>
 *
 * <p>May use: {@code model}.
 */
package io.pekkoraft.membership;
