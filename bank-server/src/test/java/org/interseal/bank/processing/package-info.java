@NullMarked
package org.interseal.bank.processing;

import org.jspecify.annotations.NullMarked;
