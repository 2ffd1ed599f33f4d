SELECT c.member, p.label FROM chaingraph_component c JOIN chaingraph_component p ON p.member = c.label
