/**
 * The licensing authority's service: banks apply, officers decide, licences are published.
 *
 * <p>What is decided is written to a {@link org.interseal.registry.Journal} first, with the signed
 * row in it, and published from there: a crash between the two loses nothing and signs nothing
 * twice.
 */
@NullMarked
package org.interseal.registry;

import org.jspecify.annotations.NullMarked;
