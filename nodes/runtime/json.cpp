// The one translation unit that holds Boost.JSON's definitions.
#include <boost/json/src.hpp>
