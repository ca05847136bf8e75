/** How family names end in some languages, and hardly any other word: patronymics and the like. */
export const FAMILY_ENDINGS: readonly string[] = `
  sson sdóttir sdottir nsen rsen lsen dsen ksen tsen ström qvist lund gaard
  inen anen änen önen unen onpää
  owski ewski owska ewska ński ńska nski nska wicz czyk czak
  ović ević ovic evic ovich evich enko chuk shyn
  anov anova enov enova inov inova kov kova trov trova dorov dorova chev cheva nkov tsov gurov ntsev yev yeva eyev eyeva aev aeva eev eeva
  ková ová ovský ovská
  ález ález ández ínez érez ópez íguez árez ñez guez andez inez erez opez arez alez
  escu eanu oglu oğlu opoulos opoulou akis idis iadis shvili adze yan
  mann meier meyer maier hofer huber bauer berger
  stra sma ink`
  .trim()
  .split(/\s+/)
  .filter((ending, at, all) => ending.length > 3 && all.indexOf(ending) === at);
