/** The one strict and deterministic JSON spelling of everything that is signed or stored. */
@NullMarked
package org.interseal.protocol.json;

import org.jspecify.annotations.NullMarked;
