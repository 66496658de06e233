/**
 * A whole federation on this machine: authority, banks, gateways and branches, started and stopped
 * together.
 */
@NullMarked
package org.interseal.launcher.federation;

import org.jspecify.annotations.NullMarked;
