// A function that is not there, as PostgreSQL names it: with the types of its arguments.
#pragma once

#include "postgres/sql/sql_plan.hpp"
#include "postgres/store/handle.hpp"

namespace chaos::pg {

/// Of "function f(...) does not exist" and, where f stands with brackets in FROM, of "relation "f" does not exist": "function
/// f(integer, unknown) does not exist" (42883), with its place. Other errors stay as they are.
void name_function(Handle& handle, const Plan& plan, ServerError& error);

}  // namespace chaos::pg
