@NullMarked
package org.interseal.bank.founding;

import org.jspecify.annotations.NullMarked;
