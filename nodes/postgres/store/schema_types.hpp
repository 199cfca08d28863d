// The columns of tables and views, asked of a database.
#pragma once

#include "postgres/sql/sql_output.hpp"
#include "postgres/store/handle.hpp"

#include <map>

namespace chaos::pg {

/// For the describing of one statement. Views are read through: a boolean stays one behind them.
class HandleSchema final : public SchemaTypes {
 public:
  explicit HandleSchema(Handle& handle) : handle_(handle) {}
  OutputColumns columns(const std::string& relation) override;
  std::string default_of(const std::string& relation, const std::string& column) override;

 private:
  OutputColumns read(const std::string& relation);
  std::optional<OutputColumns> view_columns(const std::string& relation);

  Handle& handle_;
  std::map<std::string, OutputColumns> known_;
  int depth_ = 0;
};

}  // namespace chaos::pg
