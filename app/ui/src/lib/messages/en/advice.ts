/** Words for advice. It points at something and gives the reason; it blocks nothing. */
const quoted = (phrase: string) => `“${phrase.charAt(0).toUpperCase()}${phrase.slice(1)}”`;

/** Advice to the officer who writes. It points at words and blocks nothing. */
export const advice: Record<string, (phrase: string) => string> = {
  short: () => 'Few words. Say what you saw, heard or knew, and what this person did.',
  place_not_person: (phrase) => `${quoted(phrase)} is about the place. Add what this person did.`,
  generic: (phrase) => `${quoted(phrase)} says little. Say what exactly you saw or were told.`,
  power_object: () => 'This power is not usually used for this object. Check both.',
  officer_view_missing: () => 'Add your own view of their ethnicity.',
  no_video: () => 'No video. Say which camera, or why not.',
  under_18: () => 'Under 18: the safeguards for children apply.',
  late_record: () => 'Recorded over an hour after the search. Say why it was not done on the spot.',
  power_not_allowed: () =>
    'Your role may not search under this power. It still sends; a supervisor looks at it first.',
  unknown_code: () =>
    'This is not in the list any more. It is kept as it is; choose again if you can.',
  expired_code: () => 'The list did not have this on the day of the search. Check it.',
  authorisation_outside: () =>
    'The place is outside the authorised area. Check place and authorisation.',
  authorisation_edge: () =>
    'The place is at the edge of the authorised area. Say exactly where it was.',
  authorisation_not_in_force: () =>
    'The authorisation was not in force at that time. Check the time.',
  authorisation_unknown: () =>
    'This device does not know that authorisation. It is kept as you wrote it.',
  authorisation_no_place: () => 'There is no position to compare with the authorised area.',
  authorisation_power: () => 'That authorisation is for another power.',
  place_stale: () => 'The position is over ten minutes old. Check that it is where the search was.',
  place_inaccurate: () => 'The position is not exact. Your own words say more.',
  outside_force: () => 'The position is outside this force’s area. Check it.',
  notice_missing: () => 'Unattended vehicle: say whether a notice was left.',
  officer_sex: () => 'The searching officer must be of the same sex for this. Say what was done.',
  intimate_in_vehicle: () =>
    'Intimate parts may not be exposed in a police vehicle. Say what was done.',
  opposite_sex_present: () =>
    'Nobody of the other sex may be there, unless the person asked for it.',
  adult_missing: () => 'Under 18: an appropriate adult has to be there, or the reason said.',
  supervisor_missing: () => 'Say which supervisor was asked.',
  link_missing: () => 'Something was found: say whether the outcome goes with it.',
  force_form_missing: () => 'Force was used: add the reference of the force form.',
};

/** The same, as a reviewer reads it. */
export const reviewAdvice: Record<string, (phrase: string) => string> = {
  short: () => 'Few words. Is it enough for somebody who was not there? Advice only.',
  place_not_person: (phrase) =>
    `${quoted(phrase)} is about a place, not this person. The rest may be enough by itself. Advice only.`,
  generic: (phrase) => `${quoted(phrase)} says little by itself. Read what follows. Advice only.`,
  power_object: () => 'Power and object: read and decide',
  officer_view_missing: () => 'The officer’s own view of ethnicity is blank',
  no_video: () => 'No video and no reason',
  under_18: () => 'Under 18: read the safeguards',
  late_record: () => 'Recorded late without a reason',
  power_not_allowed: () => 'The officer’s role does not have this power',
  unknown_code: (phrase) => `A code that the list does not have${phrase ? `: ${phrase}` : ''}`,
  expired_code: () => 'A code that was not in the list on that day',
  authorisation_outside: () => 'Place is outside the authorised area',
  authorisation_edge: () => 'Place is at the edge of the authorised area',
  authorisation_not_in_force: () => 'Authorisation was not in force at that time',
  authorisation_unknown: () => 'Authorisation is not known on this device',
  authorisation_no_place: () => 'No position to compare with the authorised area',
  authorisation_power: () => 'Authorisation is for another power',
  place_stale: () => 'Position was over ten minutes old',
  place_inaccurate: () => 'Position is not exact',
  outside_force: () => 'Position is outside the force’s area',
  notice_missing: () => 'Unattended vehicle without a notice',
  officer_sex: () => 'Searching officer of another sex: read and decide',
  intimate_in_vehicle: () => 'Intimate parts exposed in a vehicle: read and decide',
  opposite_sex_present: () => 'Somebody of the other sex was there: read and decide',
  adult_missing: () => 'No appropriate adult and no reason',
  supervisor_missing: () => 'No supervisor named for a further search',
  link_missing: () => 'Link of outcome and find is not said',
  force_form_missing: () => 'Force used, and no form named',
};
