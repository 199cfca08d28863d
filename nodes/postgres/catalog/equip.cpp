#include "postgres/catalog/equip.hpp"

#include "postgres/catalog/catalog.hpp"
#include "postgres/functions/function_tools.hpp"
#include "postgres/functions/functions.hpp"

namespace chaos::pg {

void equip_handle(Handle& handle) {
  register_functions(handle);
  register_admin_functions(handle);
  register_recovery_functions(handle);
  register_cast_functions(handle);
  register_numeric_functions(handle);
  register_time_functions(handle);
  register_format_functions(handle);
  register_text_functions(handle);
  register_array_functions(handle);
  register_aggregates(handle);
  register_catalog(handle);
  register_catalog_functions(handle);
  register_lock_functions(handle);
  register_advisory_functions(handle);
  register_series(handle);
}

}  // namespace chaos::pg
