class CaseCorrespondence:
    """What is written or planned in a case is closed to whoever may not open it any more.

    Odoo lets authors and people who were notified read a message for ever, and everybody
    read the activities that are assigned to them. A class of Python, not a model: its
    methods must come before those of Odoo's model.
    """

    __slots__ = ()  # models have none either; Python can't join classes otherwise

    # Name of the field that says to which model a record belongs.
    _document_model_field = None

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su or not self:
            return result
        allowed = self - result[0] if result else self
        closed = allowed._of_closed_cases()
        if not closed:
            return result
        forbidden = (result[0] if result else self.browse()) + closed
        return forbidden, lambda: forbidden._make_access_error(operation)

    def _search(self, domain, offset=0, limit=None, order=None, **kwargs):
        query = super()._search(domain, offset, limit, order, **kwargs)
        if self.env.su or kwargs.get("bypass_access"):
            return query
        found = self.browse(query)
        if closed := found._of_closed_cases():
            return (found - closed)._as_query(order)
        return query

    def _of_closed_cases(self):
        """Those of the records that belong to cases that the user may not open."""
        # Only where a record belongs is read here, not what it says.
        of_cases = self.sudo().filtered_domain(
            [(self._document_model_field, "=", "osc.case")]
        )
        if not of_cases:
            return self.browse()
        cases = self.env["osc.case"].browse(set(of_cases.mapped("res_id"))).exists()
        opened = set(cases._with_content()._filtered_access("read").ids)
        closed = of_cases.filtered(lambda record: record.res_id not in opened)
        return self.browse(closed.ids)
