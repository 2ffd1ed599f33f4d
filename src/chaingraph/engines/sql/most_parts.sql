SELECT max(length({column}) - length(replace({column}, ';', ''))) AS n FROM {table}
