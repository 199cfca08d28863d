// The one translation unit that holds Boost.Asio's and Boost.Beast's definitions.
#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
