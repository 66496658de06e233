/**
 * Real processes of a federation, killed and paused under load: every choice comes from one seed.
 * What the processes make of it depends on the machine, too, so that a run does not repeat itself
 * to the letter.
 */
@NullMarked
package org.interseal.launcher.chaos;

import org.jspecify.annotations.NullMarked;
