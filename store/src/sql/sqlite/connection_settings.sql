SELECT (SELECT foreign_keys FROM pragma_foreign_keys),
       (SELECT synchronous FROM pragma_synchronous),
       (SELECT journal_mode FROM pragma_journal_mode)
