/**
 * JMH benchmarks. Run: {@code java -cp 'benchmarks/target/distribution/*' org.openjdk.jmh.Main}.
 */
@NullMarked
package org.interseal.benchmarks;

import org.jspecify.annotations.NullMarked;
