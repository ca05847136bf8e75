/** Words that stand capitalised behind an announcement and are no names. */
export const NOT_NAMES: ReadonlySet<string> = new Set(
  `sir madam madame team all customer customers friend friends hiring manager editor colleagues colleague user users reader readers student students diary god lord lady santa
  president minister doctor professor sirs everyone everybody applicant parent parents resident members member service support committee board the this that it a an my your please
  you i we they he she there here what who how when where why if in on at to from for with and or but not no yes is are was were can could will would should may might must dear
  name address email phone date id number gender age type value string null none undefined true false optional required unknown n/a insert first last full company
  monsieur messieurs mesdames herren damen kollegen kunde kunden señores señor señora`
    .trim()
    .split(/\s+/),
);

/** Words that make a street, an institution, a work or a day of what a given name begins. */
export const NOT_SURNAMES: ReadonlySet<string> = new Set(
  `street st avenue ave road rd boulevard lane drive court place square terrace way park garden gardens bridge river lake island islands mountain mountains bay beach hill hills valley
  university college school institute academy library museum hospital clinic church cathedral chapel foundation society association museum theatre theater stadium airport station
  hotel inn restaurant cafe bar pub club center centre building tower hall house plaza mall market store shop
  inc ltd llc corp corporation company co group gmbh ag sa holdings bank partners systems software technologies award awards prize medal cup day act law effect theorem equation
  principle syndrome disease test scale score method algorithm model version edition series show movie film album song book story diaries chronicles project team fund trust county city
  state province republic kingdom empire dynasty north south east west is was has had says said the and or of in on at to for with as by from are were who which that will would
  i you he she we they it this these those my your his her our their january february march april june july august september october november december monday tuesday wednesday
  thursday friday saturday sunday english french german spanish italian latin greek bible
  sonnet haiku opus code lisa quintet quartet orchestra band lodge estate ranch`
    .trim()
    .split(/\s+/),
);
