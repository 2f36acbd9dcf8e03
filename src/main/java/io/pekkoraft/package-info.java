/** Front door. */
package io.pekkoraft;
