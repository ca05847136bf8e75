function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}

/** Words that change something wherever they stand in a statement: also in a common table expression, after EXPLAIN, as a lock. */
export const CHANGING_WORDS = words(`
  insert update delete merge replace upsert truncate drop create alter rename grant revoke deny call exec execute do copy load import
  export attach detach vacuum reindex cluster analyze refresh lock unlock set reset use begin start commit rollback savepoint release
  prepare deallocate declare fetch open close handler into outfile dumpfile pragma shutdown kill backup restore dbcc bulk openrowset
  openquery opendatasource xp_cmdshell listen notify unlisten comment security discard checkpoint install uninstall flush purge
  returning`);

/** Functions without effects that reports are made of. Why a list of what is ordinary: databases have functions that read files. */
export const ORDINARY_FUNCTIONS = words(`
  count sum avg min max total stddev stddev_pop stddev_samp variance var_pop var_samp median mode percentile_cont percentile_disc
  coalesce nullif ifnull nvl isnull iif greatest least abs round ceil ceiling floor mod power sqrt exp ln log sign trunc
  lower upper initcap length char_length character_length len substr substring left right trim ltrim rtrim lpad rpad concat concat_ws
  position instr strpos split_part reverse
  date time datetime timestamp date_trunc date_part date_add date_sub datediff dateadd datepart extract strftime julianday year month
  day hour minute second quarter week weekday dayofweek now curdate current_date current_time current_timestamp getdate to_char
  to_date to_timestamp to_number date_format makedate age
  cast convert try_cast row_number rank dense_rank ntile lag lead first_value last_value nth_value cume_dist percent_rank
  string_agg group_concat array_agg json_agg json_extract json_value json_array_length json_object bool_and bool_or every grouping`);

/** Words that may stand before a bracket without being a function. */
export const BRACKET_WORDS = words(`
  select from where and or not in exists any all some as on using join over by having when then else case between like ilike union
  intersect except distinct values with recursive filter within group order partition limit offset lateral materialized is explain
  varchar char character decimal numeric number nvarchar nchar float bit varbinary binary time timestamp interval`);

/** Verbs that only read, so that nothing after them may change anything. */
export const READING_VERBS = words('select with values table show describe desc explain');
